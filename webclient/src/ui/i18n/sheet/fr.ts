import { french } from '../typeset';
import type { SheetWords } from './words';

export const fr = french<SheetWords>({
  sheet: {
    heading: 'Votre rendez-vous vidéo',
    at: when => when,
    zone: zone => `heure de ${zone}`,
    first: "Sur un ordinateur, une tablette ou un téléphone avec caméra, tapez cette adresse en haut de l'écran :",
    second: 'Tapez ce code :',
    third: "Touchez « Entrer en salle d'attente ». L'appel commence tout seul.",
    or: 'Ou visez ce carré avec la caméra du téléphone :',
    qr: 'Code QR qui mène au rendez-vous',
    help: 'Un souci ? Appelez-nous :',
    goodUntil: when => `L'adresse et le code servent jusqu'au ${when}.`,
    keep: 'Cette feuille est à vous seul : ne la prêtez pas.',
    make: 'Feuille à imprimer',
    print: 'Imprimer',
    failed: "La feuille n'a pas pu être faite.",
  },
});
