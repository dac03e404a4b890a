/** Who works in the practice. */
export interface TeamWords {
  team: {
    heading: string;
    people: string;
    name: string;
    roles: string;
    state: string;
    actions: string;
    practitioner: string;
    secretary: string;
    interpreter: string;
    operator: string;
    invited: string;
    active: string;
    disabled: string;
    /** In a list of people: oneself. */
    you: string;
    invite: string;
    inviteMore: string;
    mail: string;
    mailHint: string;
    units: string;
    languages: string;
    languagesHint: string;
    inviteButton: string;
    roleMissing: string;
    nameMissing: string;
    linkFor(name: string): string;
    linkMore: string;
    linkSent: string;
    copyLink: string;
    edit: string;
    editName(name: string): string;
    newLink: string;
    newLinkMore: string;
    disable: string;
    enable: string;
    disableMore: string;
    lastOperator: string;
    unitsHeading: string;
    unitsMore: string;
    unitsNone: string;
    unitName: string;
    unitShares: string;
    unitAdd: string;
    delegates: string;
    delegatesMore: string;
    delegatesNone: string;
  };
}
