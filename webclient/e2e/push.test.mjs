import { scenario } from './harness/scenario.mjs';
import { signIn, wordsOf } from './harness/steps.mjs';

scenario(
  'arrivals can be pushed when the server says so: the worker registers under the content security of the page',
  async stage => {
    const doctor = await stage.tab('doctor');
    await signIn(doctor, stage.program);
    await doctor.goto(`${stage.program.base}/desk/settings/arrivals`);
    const t = await wordsOf(doctor);
    await doctor.sees(t.preferences.push.states.off);
    // No push service is reached from here: that the worker is taken by the page's policy is what can be seen.
    const state = await doctor.evaluate(async () => {
      const policy = globalThis.trustedTypes.createPolicy('colloque', { createScriptURL: url => url });
      const worker = await navigator.serviceWorker.register(policy.createScriptURL('/push-worker.js'));
      await navigator.serviceWorker.ready;
      return worker.active.scriptURL.slice(location.origin.length);
    });
    if (state !== '/push-worker.js') {
      throw new Error(`the worker is ${state}`);
    }
  },
  { environ: { COLLOQUE_PUSH_ENABLED: 'true', COLLOQUE_PUSH_CONTACT: 'mailto:it@example.org' } },
);
