import { useEffect, useState } from 'preact/hooks';
import type { Sound } from '../../session/call';
import { SoundIcon } from '../icons';
import { useApp } from '../parts/app';
import { usePart, useStream } from '../parts/hooks';
import type { LocalPort } from '../parts/ports';

interface SoundsProps {
  readonly sounds: readonly Sound[];
  readonly local: LocalPort;
}

/** Everybody's voice. A browser that wants a tap first gets a button that says so. */
export function Sounds({ sounds, local }: SoundsProps) {
  const { t } = useApp();
  const speaker = usePart(local, snapshot => snapshot.speakerId);
  const [blocked, setBlocked] = useState(false);
  const [tries, setTries] = useState(0);
  return (
    <>
      {sounds.map(sound => (
        <Voice key={sound.key} sound={sound} speaker={speaker} tries={tries} onBlocked={setBlocked} />
      ))}
      {blocked && (
        <button type="button" class="button primary tap-to-hear" onClick={() => setTries(tries + 1)}>
          <SoundIcon />
          {t.call.tapToHear}
        </button>
      )}
    </>
  );
}

interface VoiceProps {
  readonly sound: Sound;
  readonly speaker: string | null;
  readonly tries: number;
  readonly onBlocked: (blocked: boolean) => void;
}

function Voice({ sound, speaker, tries, onBlocked }: VoiceProps) {
  const audio = useStream<HTMLAudioElement>(sound.stream);
  useEffect(() => {
    let gone = false;
    audio.current?.play().then(
      () => onBlocked(false),
      (reason: unknown) => {
        // AbortError only says that another stream came in between.
        if (!gone && reason instanceof DOMException && reason.name === 'NotAllowedError') {
          onBlocked(true);
        }
      },
    );
    return () => {
      gone = true;
    };
  }, [sound.stream, tries]);
  useEffect(() => {
    const element = audio.current;
    if (element !== null && speaker !== null && 'setSinkId' in element) {
      // A loudspeaker that was unplugged: the browser stays with its own choice.
      element.setSinkId(speaker).catch(() => undefined);
    }
  }, [speaker]);
  // biome-ignore lint/a11y/useMediaCaption: a live voice has no caption track; captions are words of their own.
  return <audio ref={audio} autoplay />;
}
