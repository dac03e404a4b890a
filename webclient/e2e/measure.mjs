/**
 * How long people wait, measured in the real browser against the real program:
 *
 *   admit → first frame   from the click on "Admit" to the first remote picture on the screen, at the patient and at the practitioner
 *   join → connected      from the join message's leaving to the connection's being up
 *   reload → live         from the reload of the patient's page to the first remote picture
 *
 * node e2e/measure.mjs [runs]; prints one line of JSON. Figures of a busy machine say nothing: it says how busy it was.
 */
import { loadavg } from 'node:os';
import { flows } from './harness/media.mjs';
import { Program } from './harness/program.mjs';
import { closeBrowsers, desktop, phone, Stage } from './harness/stage.mjs';
import { admit, enterWaitingRoom, signIn, startConsultation, wordsOf } from './harness/steps.mjs';

/** Runs in every page first: when which milestone was passed, on the clock that all pages share. */
function milestones() {
  const now = () => performance.timeOrigin + performance.now();
  const passed = { clicks: [], frames: [] };
  Object.defineProperty(window, 'milestones', { value: passed });
  addEventListener('click', () => passed.clicks.push(now()), true);
  const known = new WeakSet();
  new MutationObserver(() => {
    for (const video of document.querySelectorAll('.stage .tile video')) {
      if (!known.has(video)) {
        known.add(video);
        video.requestVideoFrameCallback(at => passed.frames.push(performance.timeOrigin + at));
      }
    }
  }).observe(document, { childList: true, subtree: true });
}

const lastOf = (tab, kind) => tab.evaluate(what => window.milestones[what].at(-1), kind);

/** The time between the last join and the connection's being up. */
const joinTime = tab =>
  tab.evaluate(() => {
    const joins = window.record.messages.filter(one => one.sent !== undefined && JSON.parse(one.sent).type === 'join');
    const sent = joins.at(-1).at;
    return window.record.states.find(one => one.state === 'connected' && one.at > sent).at - sent;
  });

/** Resolves with the time of the first remote picture after `since`. */
const frameAfter = (tab, since) =>
  tab.until('a first picture', from => window.milestones.frames.find(at => at > from), since);

function pick(values, part) {
  const sorted = [...values].sort((a, b) => a - b);
  return Math.round(sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * part) - 1)]);
}
const summary = values => ({ p50: pick(values, 0.5), p95: pick(values, 0.95), max: pick(values, 1) });

const runs = Number(process.argv[2] ?? 20);
/** node e2e/measure.mjs 20 direct: as if there were no relay. */
const recorder = { noRelay: process.argv[3] === 'direct' };
const program = await Program.start({ COLLOQUE_LOG_LEVEL: 'info' });
const stage = new Stage(program);
const times = { patientFrame: [], doctorFrame: [], patientJoin: [], doctorJoin: [], reload: [] };
try {
  const doctor = await stage.tab('doctor', { context: desktop, recorder });
  await doctor.context.addInitScript(milestones);
  await signIn(doctor, program);
  const t = await wordsOf(doctor);
  for (let run = 0; run < runs; run++) {
    const name = `Patient ${run}`;
    const link = await startConsultation(doctor, program, name);
    const patient = await stage.tab(`patient-${run}`, { context: phone, recorder });
    await patient.context.addInitScript(milestones);
    await enterWaitingRoom(patient, link);
    await patient.until(
      'is connected and sees itself',
      () => window.record.states.at(-1)?.state === 'connected' && document.querySelector('video')?.videoWidth > 0,
    );

    await admit(doctor, name);
    const clicked = await lastOf(doctor, 'clicks');
    times.patientFrame.push((await frameAfter(patient, clicked)) - clicked);
    times.doctorFrame.push((await frameAfter(doctor, clicked)) - clicked);
    times.patientJoin.push(await joinTime(patient));
    times.doctorJoin.push(await joinTime(doctor));

    await flows(patient);
    await patient.reload();
    const begun = await patient.evaluate(() => performance.timeOrigin);
    times.reload.push((await frameAfter(patient, begun)) - begun);

    await doctor.press(t.call.end);
    await doctor.pressInDialog(t.call.endYes);
    await doctor.sees(t.desk.callEnded.ended);
    await patient.close();
    stage.tabs.pop();
  }
} finally {
  await stage.close();
  await program.clean();
  await closeBrowsers();
}
console.log(
  JSON.stringify({
    runs,
    admit_to_first_frame_ms: { patient: summary(times.patientFrame), practitioner: summary(times.doctorFrame) },
    join_to_connected_ms: { patient: summary(times.patientJoin), practitioner: summary(times.doctorJoin) },
    reload_to_live_ms: summary(times.reload),
    load_average: Number(loadavg()[0].toFixed(1)),
  }),
);
