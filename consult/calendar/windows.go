package calendar

import "time"

// windowsZone finds the zone that Windows, and so Outlook and Exchange, call by a name of their own; or nil. Such a file should describe the zone
// too (RFC 5545 §3.6.5), and some do not.
func windowsZone(id string) *time.Location {
	name, ok := windowsNames()[id]
	if !ok {
		return nil
	}
	zone, err := time.LoadLocation(name)
	if err != nil {
		return nil
	}
	return zone
}

// windowsNames is what CLDR's windowsZones says of the world (territory 001), without zones that hardly anybody lives in.
func windowsNames() map[string]string {
	return map[string]string{
		"UTC":                             "UTC",
		"GMT Standard Time":               "Europe/London",
		"Greenwich Standard Time":         "Africa/Abidjan",
		"Romance Standard Time":           "Europe/Paris",
		"W. Europe Standard Time":         "Europe/Berlin",
		"Central Europe Standard Time":    "Europe/Budapest",
		"Central European Standard Time":  "Europe/Warsaw",
		"W. Central Africa Standard Time": "Africa/Lagos",
		"Morocco Standard Time":           "Africa/Casablanca",
		"E. Europe Standard Time":         "Europe/Chisinau",
		"GTB Standard Time":               "Europe/Bucharest",
		"FLE Standard Time":               "Europe/Kyiv",
		"Kaliningrad Standard Time":       "Europe/Kaliningrad",
		"Turkey Standard Time":            "Europe/Istanbul",
		"Russian Standard Time":           "Europe/Moscow",
		"Belarus Standard Time":           "Europe/Minsk",
		"Egypt Standard Time":             "Africa/Cairo",
		"South Africa Standard Time":      "Africa/Johannesburg",
		"E. Africa Standard Time":         "Africa/Nairobi",
		"Libya Standard Time":             "Africa/Tripoli",
		"Israel Standard Time":            "Asia/Jerusalem",
		"Jordan Standard Time":            "Asia/Amman",
		"Middle East Standard Time":       "Asia/Beirut",
		"Syria Standard Time":             "Asia/Damascus",
		"Arab Standard Time":              "Asia/Riyadh",
		"Arabic Standard Time":            "Asia/Baghdad",
		"Arabian Standard Time":           "Asia/Dubai",
		"Iran Standard Time":              "Asia/Tehran",
		"Mauritius Standard Time":         "Indian/Mauritius",
		"Caucasus Standard Time":          "Asia/Yerevan",
		"Georgian Standard Time":          "Asia/Tbilisi",
		"Azerbaijan Standard Time":        "Asia/Baku",
		"Afghanistan Standard Time":       "Asia/Kabul",
		"Pakistan Standard Time":          "Asia/Karachi",
		"India Standard Time":             "Asia/Kolkata",
		"Bangladesh Standard Time":        "Asia/Dhaka",
		"SE Asia Standard Time":           "Asia/Bangkok",
		"China Standard Time":             "Asia/Shanghai",
		"Singapore Standard Time":         "Asia/Singapore",
		"Taipei Standard Time":            "Asia/Taipei",
		"W. Australia Standard Time":      "Australia/Perth",
		"Tokyo Standard Time":             "Asia/Tokyo",
		"Korea Standard Time":             "Asia/Seoul",
		"AUS Eastern Standard Time":       "Australia/Sydney",
		"E. Australia Standard Time":      "Australia/Brisbane",
		"Central Pacific Standard Time":   "Pacific/Guadalcanal",
		"New Zealand Standard Time":       "Pacific/Auckland",
		"Samoa Standard Time":             "Pacific/Apia",
		"Hawaiian Standard Time":          "Pacific/Honolulu",
		"Marquesas Standard Time":         "Pacific/Marquesas",
		"Alaskan Standard Time":           "America/Anchorage",
		"Pacific Standard Time":           "America/Los_Angeles",
		"US Mountain Standard Time":       "America/Phoenix",
		"Mountain Standard Time":          "America/Denver",
		"Central Standard Time":           "America/Chicago",
		"Canada Central Standard Time":    "America/Regina",
		"Central Standard Time (Mexico)":  "America/Mexico_City",
		"Eastern Standard Time":           "America/New_York",
		"SA Pacific Standard Time":        "America/Bogota",
		"Haiti Standard Time":             "America/Port-au-Prince",
		"Cuba Standard Time":              "America/Havana",
		"Atlantic Standard Time":          "America/Halifax",
		"SA Western Standard Time":        "America/La_Paz",
		"Venezuela Standard Time":         "America/Caracas",
		"Paraguay Standard Time":          "America/Asuncion",
		"Pacific SA Standard Time":        "America/Santiago",
		"Newfoundland Standard Time":      "America/St_Johns",
		"E. South America Standard Time":  "America/Sao_Paulo",
		"SA Eastern Standard Time":        "America/Cayenne",
		"Argentina Standard Time":         "America/Argentina/Buenos_Aires",
		"Montevideo Standard Time":        "America/Montevideo",
		"Saint Pierre Standard Time":      "America/Miquelon",
		"Greenland Standard Time":         "America/Nuuk",
		"Azores Standard Time":            "Atlantic/Azores",
		"Cape Verde Standard Time":        "Atlantic/Cape_Verde",
	}
}
