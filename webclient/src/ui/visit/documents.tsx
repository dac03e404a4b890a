import '../styles/documents.css';
import { useEffect, useState } from 'preact/hooks';
import { newDocuments } from '../../session/browserdocuments';
import type { Visit, Visitor } from '../../session/day';
import { DeskError, field } from '../../session/http';
import { DocumentsList } from '../documents/list';
import { SendDocuments } from '../documents/send';
import { deskWords } from '../i18n/desk';
import { documentsWords } from '../i18n/documents';
import { visitWords } from '../i18n/visit';
import { useApp } from '../parts/app';
import { usePart, useSnapshot } from '../parts/hooks';
import { useMay, useShell } from '../shell/context';
import { visitorName } from '../today/visit';

const UNHEARD = 15_000; // milliseconds

/** The documents of a consultation outside of its call, both ways, and the code that opens them for the patient. */
export function VisitDocuments({ visit }: { readonly visit: Visit }) {
  const { desk, keepSending } = useShell();
  const { t, format } = useApp(documentsWords);
  const { t: words } = useApp(visitWords);
  const { t: desks } = useApp(deskWords);
  const mayWrite = useMay('documents:write');
  const heard = usePart(desk, snapshot => snapshot.heard);
  const [documents] = useState(() => newDocuments(visit.id, null));
  const snapshot = useSnapshot(documents);
  useEffect(() => {
    const timer = setInterval(() => void documents.refresh(), UNHEARD);
    return () => {
      clearInterval(timer);
      keepSending(documents);
    };
  }, [documents]);
  useEffect(() => void documents.refresh(), [documents, heard]);
  const over = visit.state === 'ended';
  const people = visit.people
    .filter(one => one.role !== 'practitioner')
    .map(one => ({
      id: one.id,
      name: visitorName(one, desks),
      usual: one.role === 'patient',
    }));
  const patients = visit.people.filter(one => one.role === 'patient');
  // Interpreters and guests see documents in the call only.
  const recipients = over ? people.filter(one => one.usual) : people;
  const handed = patients.every(one => one.reach === '' || one.reach === 'handed');
  const until = snapshot.list?.until;
  return (
    <section class="card stack" aria-labelledby="visit-documents">
      <h2 id="visit-documents">{t.documents.heading}</h2>
      {snapshot.list === null && snapshot.problem === null ? (
        <p class="quiet">{t.common.loading}</p>
      ) : (
        <DocumentsList documents={documents} snapshot={snapshot} others={mayWrite ? people : undefined} over={over} />
      )}
      {mayWrite && (
        <>
          {over && <p class="quiet">{handed ? words.visitPage.lateHanded : words.visitPage.late}</p>}
          <SendDocuments documents={documents} snapshot={snapshot} primary recipients={recipients} />
          {over && until !== undefined && (
            <>
              <p class="quiet">{words.visitPage.keptUntil(format.day(until))}</p>
              {patients.map(one => (
                <Code key={one.id} visit={visit} patient={one} />
              ))}
            </>
          )}
        </>
      )}
    </section>
  );
}

/** The code that a patient needs beside their link: shown when asked for, to be told or sent. */
function Code({ visit, patient }: { readonly visit: Visit; readonly patient: Visitor }) {
  const { desk } = useShell();
  const { t, announcer } = useApp(visitWords);
  const words = t.visitPage;
  const [code, setCode] = useState('');
  const [news, setNews] = useState('');
  const ask = async (send: boolean): Promise<void> => {
    setNews('');
    let said = '';
    try {
      const path = `/consultations/${visit.id}/participants/${patient.id}/document-code`;
      setCode(field(await desk.request('POST', path, { send }), 'code') ?? '');
      said = send ? words.codeSent : '';
    } catch (error) {
      said =
        error instanceof DeskError && error.code === 'not-found'
          ? words.codeNone
          : send
            ? words.codeUnsent
            : t.common.failed;
    }
    setNews(said);
    announcer.say(said);
  };
  return (
    <div class="stack">
      {code !== '' && (
        <p class="document-code">
          <b>{words.codeIs(`${code.slice(0, 3)}\u00a0${code.slice(3)}`)}</b>
        </p>
      )}
      <div class="row">
        {code === '' ? (
          <button type="button" class="button small" onClick={() => void ask(false)}>
            {words.code}
          </button>
        ) : (
          <button type="button" class="button small" onClick={() => void ask(true)}>
            {words.codeSend}
          </button>
        )}
      </div>
      {news !== '' && <p>{news}</p>}
    </div>
  );
}
