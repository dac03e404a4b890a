/** A picture of a tab, for eyes, when a run is asked for pictures: PICTURES=dir. */
export const picture = (tab, name) =>
  process.env.PICTURES === undefined ? undefined : tab.screenshot(`${process.env.PICTURES}/${name}.png`);
