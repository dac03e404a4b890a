package transfer

import _ "embed" // what stands in an archive, for whoever opens it in some years

var (
	//go:embed readme-book.txt
	bookReadme string
	//go:embed readme-patient.txt
	patientReadme string
)
