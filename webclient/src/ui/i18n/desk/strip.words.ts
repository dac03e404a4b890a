import type { Availability, Need } from '../../../protocol/messages';

/** What is said of those who wait, to them, and about those who do not come. */
export interface StripWords {
  needs: Record<Need, string>;
  born(date: string): string;
  twoDevices: string;
  passedBy(who: string): string;
  tested(day: string): string;
  lastMessage(text: string): string;
  message: string;
  messageTo(who: string): string;
  messageAll: string;
  messageAllHeading: string;
  messageLabel: string;
  messageHint: string;
  messageQuick: readonly string[];
  send: string;
  toldShown: string;
  toldSent: string;
  toldKept: string;
  pass: string;
  /** From within the call, beside its end. */
  passFromCall: string;
  passFromCallMore: string;
  passLabel(who: string): string;
  passHeading(who: string): string;
  passMore: string;
  passNobody: string;
  states: Record<Availability, string>;
  passed(who: string, to: string): string;
  undo: string;
  undoTooLate: string;
  lateHeading: string;
  late(minutes: number, time: string): string;
  call: string;
  callLabel(who: string): string;
  absent: string;
  absentLabel(who: string): string;
  isAbsent(time: string): string;
  expected: string;
  nextHeading(who: string): string;
  nextMore: string;
  nextEnd: string;
  nextLeave: string;
  nextStay: string;
}
