import { type Answer, answerIn, openFile } from '../../session/answers';
import { useShell } from '../shell/context';
import { useApp } from './app';

/** What a patient answered to one question of a service; a file is opened by pressing its name. */
export function AnswerText({ answer, appointment }: { readonly answer: Answer; readonly appointment: string }) {
  const { desk, toasts } = useShell();
  const { t, language } = useApp();
  const { file } = answer;
  if (answer.kind !== 'file') {
    return (
      <span class="as-written" dir="auto">
        {answerIn(answer, language, t.common)}
      </span>
    );
  }
  if (file?.state !== 'ready') {
    const { checking, refused, gone } = t.common.given;
    return <span class="quiet">{file === null ? gone : file.state === 'refused' ? refused : checking}</span>;
  }
  const open = async (): Promise<void> => {
    // A window must be asked for before anything is waited for, or the browser takes it for an advertisement.
    const tab = globalThis.open('', '_blank');
    try {
      const url = await openFile(desk, appointment, file.id);
      tab?.location.replace(url);
    } catch {
      tab?.close();
      toasts.warn(t.common.failed);
    }
  };
  return (
    <button type="button" class="button small" onClick={() => void open()}>
      <bdi>{file.name}</bdi>
    </button>
  );
}
