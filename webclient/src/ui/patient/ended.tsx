import type { ComponentChildren } from 'preact';
import type { Catalogue } from '../i18n';
import { useApp } from '../parts/app';
import { Heading, PhoneLink } from '../parts/screen';

interface EndedProps {
  /** A reason of the protocol's `ended`, or an error code. */
  readonly reason: string;
  readonly practitioner: string;
  readonly onComeBack: () => void;
  /** What can be found again with the same link. */
  readonly documents?: ComponentChildren;
  /** Files are still on their way: the page is to stay open. */
  readonly sending?: boolean;
}

interface Ending {
  readonly heading: string;
  readonly more: string;
  /** The words of the way back; null when there is none. */
  readonly back: string | null;
}

/** What happened, in words, and the way back when there is one. */
export function EndedScreen({ reason, practitioner, onComeBack, documents, sending = false }: EndedProps) {
  const { t } = useApp();
  const ending = endingOf(t, reason, practitioner);
  return (
    <div class="screen">
      <Heading title={t.ended.title}>{ending.heading}</Heading>
      <p>{sending && reason === 'ended' ? t.ended.endedSending : ending.more}</p>
      {documents}
      {ending.back !== null && (
        <button type="button" class={reason === 'replaced' ? 'button' : 'button primary'} onClick={onComeBack}>
          {ending.back}
        </button>
      )}
      {(reason === 'declined' || reason === 'elsewhere') && <PhoneLink button />}
    </div>
  );
}

function endingOf(t: Catalogue, reason: string, practitioner: string): Ending {
  const words = t.ended;
  switch (reason) {
    case 'ended':
      return { heading: words.ended, more: words.endedMore, back: null };
    case 'left':
      return { heading: words.left, more: words.leftMore(practitioner), back: words.comeBack };
    case 'declined':
      return { heading: words.declined(practitioner), more: words.declinedMore, back: words.comeBack };
    case 'replaced':
      return { heading: words.replaced, more: words.replacedMore, back: words.takeOver };
    case 'elsewhere':
      return { heading: words.elsewhere, more: words.elsewhereMore, back: words.retry };
    case 'too-early':
      return { heading: words.early, more: words.earlyMore, back: words.retry };
    case 'stopped':
      return { heading: words.stopped, more: words.stoppedMore, back: words.comeBack };
    case 'bad-ticket':
    case 'not-found':
    case 'conflict':
      return { heading: words.problem, more: t.problems.link, back: words.retry };
    case 'unavailable':
    case 'too-fast':
      return { heading: words.problem, more: t.problems.full, back: words.retry };
    case 'media':
      return { heading: words.problem, more: t.problems.media, back: words.retry };
    default:
      return { heading: words.problem, more: t.problems.other, back: words.retry };
  }
}
