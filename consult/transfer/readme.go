package transfer

// What stands in an archive, for whoever opens it in some years.
const bookReadme = `CE DOSSIER

appointments-AAAA.csv   les rendez-vous d'une année, en tableau (Excel : ouvrir avec UTF-8)
appointments-AAAA.ics   les mêmes, pour un agenda (Google, Outlook, Apple, Thunderbird)
appointments-AAAA.json  les mêmes, avec tout ce qui en est gardé : réponses, historique
requests.*              les demandes sans heure qui attendent une réponse
wait-list.csv           la liste d'attente
patients.csv            les patients
book.json               les motifs, les horaires et les salles

Dans un autre Colloque : Patients, « Importer une liste » (patients.csv) d'abord ; puis
Agenda, Demandes, Import (appointments-AAAA.csv). Les motifs de mêmes noms doivent y être.
Les rendez-vous annulés y sont laissés de côté.
Ces fichiers contiennent des données de santé : gardez-les comme telles.

THIS ARCHIVE

appointments-YYYY.csv   the appointments of a year, as a table
appointments-YYYY.ics   the same, for a calendar
appointments-YYYY.json  the same, with all that is kept of them: answers, history
requests.*              requests without a time that wait for an answer
wait-list.csv           the wait list
patients.csv            the patients
book.json               services, opening hours and rooms

In another Colloque: Patients, import patients.csv first; then Agenda, Requests, Import with
appointments-YYYY.csv. Services of the same names must be there. Cancelled appointments are left out.
These files hold health data: keep them as such.
`

const patientReadme = `VOS DONNÉES

patient.json            votre fiche
appointments-AAAA.csv   vos rendez-vous d'une année, en tableau
appointments-AAAA.ics   les mêmes, pour un agenda
appointments-AAAA.json  les mêmes, avec vos réponses et l'historique
consultations.json      quand vos consultations ont eu lieu
wait-list.csv           vos places sur la liste d'attente

Les documents et les messages s'ouvrent par le lien de chaque consultation, tant qu'ils sont gardés.
Les notes personnelles des soignants n'y sont pas.
(Règlement général sur la protection des données, articles 15 et 20.)

YOUR DATA

patient.json            your record
appointments-YYYY.csv   your appointments of a year, as a table
appointments-YYYY.ics   the same, for a calendar
appointments-YYYY.json  the same, with your answers and the history
consultations.json      when your consultations took place
wait-list.csv           your places on the wait list

Documents and messages open by the link of each consultation, as long as they are kept.
Personal notes of practitioners are not among them.
(General Data Protection Regulation, articles 15 and 20.)
`
