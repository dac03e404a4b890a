/** The frame of the practitioner's pages. */
export interface ShellWords {
  shell: {
    unsaved: string;
    unsavedMore: string;
    unsavedStay: string;
    unsavedLeave: string;
    navigation: string;
    today: string;
    agenda: string;
    requests: string;
    patients: string;
    team: string;
    settings: string;
    nothingHere: string;
    nothingHereMore: string;
    waiting: string;
    /** Those of the strip who have no room in it. */
    others(count: number): string;
  };
}
