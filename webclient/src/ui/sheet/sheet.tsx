import { useEffect, useState } from 'preact/hooks';
import { makeSheet, type Sheet } from '../../session/sheet';
import { QrCode } from '../desk/qr';
import { type Language, languageCodes, languages } from '../i18n';
import { sheetWords } from '../i18n/sheet';
import type { SheetWords } from '../i18n/sheet/words';
import { useApp } from '../parts/app';
import { Dialog } from '../parts/dialog';
import { shownPhone } from '../parts/format';
import { useShell } from '../shell/context';

interface SheetProps {
  readonly consultation: string;
  readonly participant: string;
  readonly onClose: () => void;
}

/** The sheet for who has neither phone nor mail, ready to print, in the patient's language. */
export function SheetDialog({ consultation, participant, onClose }: SheetProps) {
  const { desk } = useShell();
  const { t, language } = useApp(sheetWords);
  const [made, setMade] = useState<{ readonly sheet: Sheet; readonly words: SheetWords; readonly in: Language } | null>(
    null,
  );
  const [failed, setFailed] = useState(false);
  useEffect(() => {
    let gone = false;
    const make = async (): Promise<void> => {
      const sheet = await makeSheet(
        (method, path, body) => desk.request(method, path, body),
        consultation,
        participant,
      );
      const theirs = languageCodes.find(code => sheet.language.toLowerCase().startsWith(code)) ?? language;
      const words = await sheetWords.load[theirs]();
      if (!gone) {
        setMade({ sheet, words, in: theirs });
      }
    };
    make().catch(() => setFailed(true));
    return () => {
      gone = true;
    };
  }, [consultation, participant]);
  return (
    <Dialog heading={t.sheet.make} onClose={onClose}>
      {failed && <p class="notice bad">{t.sheet.failed}</p>}
      {made === null ? (
        !failed && <p class="soon quiet">{t.common.loading}</p>
      ) : (
        <Paper sheet={made.sheet} words={made.words} language={made.in} />
      )}
      <div class="row not-printed">
        <button type="button" class="button primary" disabled={made === null} onClick={() => print()}>
          {t.sheet.print}
        </button>
        <button type="button" class="button" onClick={onClose}>
          {t.common.close}
        </button>
      </div>
    </Dialog>
  );
}

interface PaperProps {
  readonly sheet: Sheet;
  readonly words: SheetWords;
  readonly language: Language;
}

/** What is printed: one page, large type. */
export function Paper({ sheet, words: { sheet: t }, language }: PaperProps) {
  const zone = sheet.timeZone.slice(sheet.timeZone.lastIndexOf('/') + 1).replaceAll('_', ' ');
  const shown = (iso: string): string =>
    new Intl.DateTimeFormat(language, {
      weekday: 'long',
      day: 'numeric',
      month: 'long',
      hour: '2-digit',
      minute: '2-digit',
      timeZone: sheet.timeZone,
    }).format(new Date(iso));
  return (
    <article class="sheet" lang={language} dir={languages[language].dir}>
      <p class="sheet-practice">{sheet.practice}</p>
      <h3>{t.heading}</h3>
      {sheet.name !== '' && <p>{sheet.name}</p>}
      {sheet.at !== null && (
        <p class="sheet-when">
          {t.at(shown(sheet.at))} ({t.zone(zone)})
        </p>
      )}
      <ol>
        <li>
          {t.first}
          <b class="sheet-large" dir="ltr">
            {sheet.address}
          </b>
        </li>
        <li>
          {t.second}
          <b class="sheet-code" dir="ltr">
            {`${sheet.code.slice(0, 3)} ${sheet.code.slice(3)}`}
          </b>
        </li>
        <li>{t.third}</li>
      </ol>
      <div class="sheet-or">
        <p>{t.or}</p>
        <QrCode text={sheet.link} label={t.qr} />
      </div>
      {sheet.phone !== '' && (
        <p>
          {t.help}{' '}
          <b class="sheet-large" dir="ltr">
            {shownPhone(sheet.phone)}
          </b>
        </p>
      )}
      <p>
        {t.goodUntil(shown(sheet.goodUntil))} {t.keep}
      </p>
    </article>
  );
}
