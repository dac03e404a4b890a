package booking

const raceChildVariable = "TEST_RACE_CHILD"

func raceChild(string) {}
