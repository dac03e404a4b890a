import { useEffect, useRef } from 'preact/hooks';
import type { CallSnapshot } from '../../session/call';
import { WarningIcon } from '../icons';
import { useApp } from '../parts/app';
import { usePart } from '../parts/hooks';
import type { LocalPort } from '../parts/ports';
import { otherSideOf } from './people';

interface BannerProps {
  readonly snapshot: CallSnapshot;
  readonly local: LocalPort;
}

/** One sentence over the pictures: the worst thing that is true now. Also read out when it changes. */
export function Banner({ snapshot, local }: BannerProps) {
  const { t, announcer } = useApp();
  const stolen = usePart(local, one => one.microphoneEnded);
  const cut = snapshot.phase === 'reconnecting' || snapshot.network === 'lost';
  const text = cut ? t.call.lost : stolen ? t.call.reconnectSoundWhy : networkWords(snapshot, t);
  const before = useRef('');
  useEffect(() => {
    if (text !== '') {
      announcer.interrupt(text);
    } else if (before.current === t.call.lost) {
      announcer.say(t.call.back);
    }
    before.current = text;
  }, [text]);
  if (text === '') {
    return null;
  }
  return (
    <div class={cut ? 'banner bad' : 'banner'}>
      <WarningIcon />
      <p>{text}</p>
      {!cut && stolen && (
        <button type="button" class="button small" onClick={() => void local.openMicrophone()}>
          {t.call.reconnectSound}
        </button>
      )}
    </div>
  );
}

function networkWords(snapshot: CallSnapshot, t: ReturnType<typeof useApp>['t']): string {
  const mine = snapshot.networkOf !== 'other';
  const who = otherSideOf(snapshot, t);
  switch (snapshot.network) {
    case 'weak':
      return mine ? t.call.weakSelf : t.call.weakOther(who);
    case 'bad':
      return mine ? t.call.badSelf : t.call.badOther(who);
    default:
      return '';
  }
}
