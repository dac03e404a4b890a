import type { ComponentChildren } from 'preact';
import { useEffect, useId, useRef, useState } from 'preact/hooks';
import { useApp } from './app';
import { Field } from './field';

interface SearchProps<R> {
  readonly label: string;
  readonly hint?: string | undefined;
  /** Asked as one types, at most every 150 ms. The signal says that nobody waits for the answer any more. */
  find(query: string, signal: AbortSignal): Promise<readonly R[]>;
  keyOf(result: R): string;
  /** How a result is shown; its text is what screen readers say. */
  show(result: R): ComponentChildren;
  onChoose(result: R): void;
  /** What is said when nothing was found; '' or left out: that there is no result. */
  readonly nothing?: string;
  /** Told of every change of what is typed, for a form that takes it as it is. */
  onQuery?(query: string): void;
}

const PAUSE = 150; // milliseconds after a key before asking

/** A field with results below it: arrows and Enter, or a tap. WAI-ARIA's combobox with a list. Enter sends its form only when nothing is found. */
export function Search<R>({ label, hint, find, keyOf, show, onChoose, onQuery, nothing = '' }: SearchProps<R>) {
  const { t, announcer } = useApp();
  const id = useId();
  const [query, setQuery] = useState('');
  const [results, setResults] = useState<readonly R[] | null>(null);
  const [answered, setAnswered] = useState(''); // the query that results or a failure belong to
  const [failed, setFailed] = useState(false);
  const [at, setAt] = useState(-1);
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const wanted = query.trim();
    if (wanted === '') {
      setResults(null);
      return;
    }
    const asking = new AbortController();
    const timer = setTimeout(() => {
      find(wanted, asking.signal).then(
        found => {
          if (!asking.signal.aborted) {
            setAnswered(wanted);
            setFailed(false);
            setResults(found);
            setAt(-1);
            announcer.say(found.length === 0 && nothing !== '' ? nothing : t.common.found(found.length));
          }
        },
        () => {
          if (!asking.signal.aborted) {
            setAnswered(wanted);
            setFailed(true);
            setResults(null);
          }
        },
      );
    }, PAUSE);
    return () => {
      clearTimeout(timer);
      asking.abort();
    };
  }, [query]);
  useEffect(() => {
    list.current?.children[at]?.scrollIntoView({ block: 'nearest' });
  }, [at]);

  const choose = (result: R): void => {
    setQuery('');
    setResults(null);
    onChoose(result);
  };
  const count = results?.length ?? 0;
  const handleKey = (event: KeyboardEvent): void => {
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      if (count > 0) {
        setAt((at + (event.key === 'ArrowDown' ? 1 : at < 0 ? 0 : -1) + count) % count);
      }
    } else if (event.key === 'Enter') {
      const result = results?.[at];
      if (result !== undefined) {
        event.preventDefault();
        choose(result);
      } else if (query.trim() !== '' && (query.trim() !== answered || count > 0)) {
        event.preventDefault(); // the form is not sent with half a name while somebody may be found by it
      }
    } else if (event.key === 'Escape' && query !== '') {
      event.stopPropagation();
      event.preventDefault();
      setQuery('');
      onQuery?.('');
    }
  };
  return (
    <div class="search">
      <Field label={label} hint={hint} error={failed ? t.common.searchFailed : ''}>
        {control => (
          <input
            {...control}
            type="search"
            list={undefined}
            role="combobox"
            aria-expanded={count > 0}
            aria-controls={`${id}-results`}
            aria-autocomplete="list"
            aria-activedescendant={at >= 0 ? `${id}-${at}` : undefined}
            autocomplete="off"
            spellcheck={false}
            value={query}
            onInput={event => {
              setQuery(event.currentTarget.value);
              onQuery?.(event.currentTarget.value);
            }}
            onKeyDown={handleKey}
          />
        )}
      </Field>
      <div ref={list} id={`${id}-results`} class="results-list" role="listbox" aria-label={label} hidden={count === 0}>
        {results?.map((result, index) => (
          // The keys are the field's own: results are never in the Tab order.
          <div
            key={keyOf(result)}
            id={`${id}-${index}`}
            role="option"
            tabIndex={-1}
            aria-selected={index === at}
            onPointerDown={event => event.preventDefault()}
            onClick={() => choose(result)}
            onKeyDown={handleKey}
          >
            {show(result)}
          </div>
        ))}
      </div>
      {results !== null && count === 0 && <p class="quiet">{nothing === '' ? t.common.found(0) : nothing}</p>}
    </div>
  );
}
