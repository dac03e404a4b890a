const key = 'colloque.bell';

/** Whether this browser rings when somebody comes to wait. It does, until somebody turns it off. */
export const bellWanted = {
  read: (): boolean => {
    try {
      return localStorage.getItem(key) !== 'off';
    } catch {
      return true;
    }
  },
  keep: (wanted: boolean): void => {
    try {
      localStorage.setItem(key, wanted ? 'on' : 'off');
    } catch {
      // A browser that keeps nothing goes on ringing.
    }
  },
};
