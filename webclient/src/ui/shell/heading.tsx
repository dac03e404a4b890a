import { useLayoutEffect, useRef } from 'preact/hooks';
import { useShell } from './context';

/** The heading of one of the practitioner's screens. A new one takes the focus, so that a screen reader reads on from there, and names the page. */
export function ScreenHeading({ children, hidden = false }: { readonly children: string; readonly hidden?: boolean }) {
  const { onHeading } = useShell();
  const heading = useRef<HTMLHeadingElement>(null);
  useLayoutEffect(() => {
    onHeading(children);
    scrollTo({ top: 0 });
    heading.current?.focus({ preventScroll: true });
  }, [children]);
  return (
    <h1 ref={heading} tabIndex={-1} class={hidden ? 'hidden-text' : undefined}>
      {children}
    </h1>
  );
}
