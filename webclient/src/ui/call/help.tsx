import { useState } from 'preact/hooks';
import { SettingsIcon, SoundIcon } from '../icons';
import { useApp } from '../parts/app';
import { Dialog } from '../parts/dialog';
import { PhoneLink } from '../parts/screen';

interface HelpProps {
  readonly onRestart: () => void;
  readonly onSettings: () => void;
  readonly onClose: () => void;
}

/** "I can't hear": first what mends most, then the telephone. */
export function HelpDialog({ onRestart, onSettings, onClose }: HelpProps) {
  const { t, announcer } = useApp();
  const [restarted, setRestarted] = useState(false);
  return (
    <Dialog heading={t.help.heading} onClose={onClose}>
      <ul class="bullets">
        {t.help.tips.map(tip => (
          <li key={tip}>{tip}</li>
        ))}
      </ul>
      <button
        type="button"
        class="button primary"
        onClick={() => {
          onRestart();
          setRestarted(true);
          announcer.say(t.help.restarted);
        }}
      >
        <SoundIcon />
        {t.help.restart}
      </button>
      {restarted && <p class="verdict good">{t.help.restarted}</p>}
      <button type="button" class="button" onClick={onSettings}>
        <SettingsIcon />
        {t.settings.heading}
      </button>
      {restarted && (
        <p>
          <b>{t.help.stillNot}</b> {t.help.stillNotMore}
        </p>
      )}
      <PhoneLink button />
      <button type="button" class="button plain" onClick={onClose}>
        {t.common.close}
      </button>
    </Dialog>
  );
}
