import { useEffect, useRef, useState } from 'preact/hooks';
import type { DocumentsSnapshot } from '../../session/documents';
import { documentsWords } from '../i18n/documents';
import { WarningIcon } from '../icons';
import { useApp } from '../parts/app';
import { useMedia } from '../parts/hooks';
import { problemWord, sizeWord } from './list';
import type { DocumentsPort } from './port';

/**
 * What the file chooser offers. HEIC is left out on purpose: an iPhone then hands a photograph over as JPEG of the same size in pixels, which
 * every browser shows. Where it is chosen all the same, it is sent as it is.
 */
const accept =
  'image/jpeg,image/png,image/webp,image/gif,application/pdf,video/*,audio/*,.doc,.docx,.xls,.xlsx,.odt,.ods,.odp,.pptx,.txt,.csv,.rtf,.dcm';

interface SendProps {
  readonly documents: DocumentsPort;
  readonly snapshot: DocumentsSnapshot;
  readonly primary?: boolean;
  /** For whom a practitioner may send something; absent for everybody else. With several, it is asked. */
  readonly recipients?: readonly Recipient[] | undefined;
}

/** Somebody whom a document may be for. */
export interface Recipient {
  readonly id: string;
  readonly name: string;
  /** Patients get what is sent unless something else is said. */
  readonly usual: boolean;
}

/** The buttons that choose files and take photographs, and what was wrong with the last choice. */
export function SendDocuments({ documents, snapshot, primary, recipients = [] }: SendProps) {
  const { t } = useApp(documentsWords);
  const words = t.documents;
  const files = useRef<HTMLInputElement>(null);
  const camera = useRef<HTMLInputElement>(null);
  const touch = useMedia('(pointer: coarse)');
  const [wrong, setWrong] = useState('');

  const [changed, setChanged] = useState<Readonly<Record<string, boolean>>>({});
  const gets = (one: Recipient): boolean => changed[one.id] ?? one.usual;
  const to = recipients.length > 1 ? recipients.filter(gets).map(one => one.id) : null;

  const take = (chosen: readonly File[]): void => setWrong(sendFiles(documents, snapshot, chosen, words, to));
  const input = (ref: typeof files, capture: boolean) => (
    <input
      ref={ref}
      type="file"
      hidden
      multiple={!capture}
      accept={capture ? 'image/jpeg' : accept}
      {...(capture ? { capture: 'environment' as const } : {})}
      data-capture={capture}
      onChange={event => {
        take([...(event.currentTarget.files ?? [])]);
        event.currentTarget.value = '';
      }}
    />
  );
  const problem = wrong || (snapshot.problem === null ? '' : problemWord(snapshot.problem, words));
  return (
    <div class="send-documents">
      {recipients.length > 1 && (
        <fieldset class="field">
          <legend>{words.forWhom}</legend>
          <div class="options">
            {recipients.map(one => (
              <label key={one.id} class="option">
                <input
                  type="checkbox"
                  checked={gets(one)}
                  onChange={event => setChanged({ ...changed, [one.id]: event.currentTarget.checked })}
                />
                <bdi>{one.name}</bdi>
              </label>
            ))}
          </div>
          {to?.length === 0 && <p class="hint">{words.forNobody}</p>}
        </fieldset>
      )}
      {touch && (
        <button type="button" class={primary ? 'button primary' : 'button'} onClick={() => camera.current?.click()}>
          {words.photograph}
        </button>
      )}
      <button
        type="button"
        class={primary && !touch ? 'button primary' : 'button'}
        onClick={() => files.current?.click()}
      >
        {words.send}
      </button>
      {input(camera, true)}
      {input(files, false)}
      {problem !== '' && (
        <p class="trouble error" role="alert">
          <WarningIcon />
          {problem}
        </p>
      )}
    </div>
  );
}

/** Sends what is not too large, and says what is. */
export function sendFiles(
  documents: DocumentsPort,
  snapshot: DocumentsSnapshot,
  chosen: readonly File[],
  words: Parameters<typeof problemWord>[1],
  to: readonly string[] | null = null,
): string {
  const most = snapshot.list?.max_bytes ?? Number.POSITIVE_INFINITY;
  const good = chosen.filter(file => file.size > 0 && file.size <= most);
  if (good.length > 0) {
    void documents.send(good, to);
  }
  const large = chosen.find(file => file.size > most);
  return large === undefined ? '' : words.tooLarge(large.name, sizeWord(most, words));
}

/** Files dropped anywhere on the page are sent; while they hover, the page says so. */
export function useDrop(active: boolean, onFiles: (files: readonly File[]) => void): boolean {
  const [over, setOver] = useState(false);
  const latest = useRef(onFiles);
  latest.current = onFiles;
  useEffect(() => {
    if (!active) {
      return;
    }
    let timer: ReturnType<typeof setTimeout> | undefined;
    const hover = (event: DragEvent): void => {
      if (event.dataTransfer?.types.includes('Files')) {
        event.preventDefault();
        setOver(true);
        clearTimeout(timer); // dragover comes again and again; dragleave comes for every child
        timer = setTimeout(() => setOver(false), 500);
      }
    };
    const drop = (event: DragEvent): void => {
      setOver(false);
      const files = [...(event.dataTransfer?.files ?? [])];
      if (files.length > 0) {
        event.preventDefault();
        latest.current(files);
      }
    };
    document.addEventListener('dragover', hover);
    document.addEventListener('drop', drop);
    return () => {
      clearTimeout(timer);
      document.removeEventListener('dragover', hover);
      document.removeEventListener('drop', drop);
    };
  }, [active]);
  return over;
}
