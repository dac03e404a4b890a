import { dressPhones } from '../parts/phones';

// The plain pages say everything without a script; this only writes the telephone number as people read it.
dressPhones(document);
