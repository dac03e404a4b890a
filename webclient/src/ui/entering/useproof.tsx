import { useState } from 'preact/hooks';
import { type Means, refusalOf } from '../../session/entering';
import { enteringWords } from '../i18n/entering';
import { useApp } from '../parts/app';
import { Dialog } from '../parts/dialog';
import { useShell } from '../shell/context';
import { Proof } from './proof';

/** proven runs what may be refused until the person shows once more that it is them; proof is the dialog that asks. */
export function useProof(means: Means | null) {
  const { desk } = useShell();
  const { t } = useApp(enteringWords);
  const [asked, setAsked] = useState<{ readonly resolve: (shown: boolean) => void } | null>(null);
  const proven = async <T,>(what: () => Promise<T>): Promise<T> => {
    try {
      return await what();
    } catch (error) {
      if (refusalOf(error) !== 'confirm') {
        throw error;
      }
      const shown = await new Promise<boolean>(resolve => setAsked({ resolve }));
      setAsked(null);
      if (!shown) {
        throw error;
      }
      return what();
    }
  };
  const proof = asked !== null && (
    <Dialog heading={t.entering.confirmHeading} onClose={() => asked.resolve(false)}>
      <p>{t.entering.confirmMore}</p>
      <Proof
        request={desk.request.bind(desk)}
        means={means}
        label={t.common.continue}
        onProven={() => asked.resolve(true)}
      />
      <button type="button" class="button" onClick={() => asked.resolve(false)}>
        {t.common.cancel}
      </button>
    </Dialog>
  );
  return { proof, proven };
}
