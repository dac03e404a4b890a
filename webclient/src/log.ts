/** Where a line for whoever opens the console goes. Ids and codes only: never names, tokens, SDP or what somebody wrote. */
export type Log = (line: string) => void;
