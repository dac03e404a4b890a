import type { ComponentChildren, ComponentType } from 'preact';

interface EmptyProps {
  readonly icon: ComponentType;
  readonly heading: string;
  /** What to do about it, or that nothing need be done. */
  readonly children?: ComponentChildren;
}

/** Where a list would be, when there is nothing in it. */
export function EmptyState({ icon: Icon, heading, children }: EmptyProps) {
  return (
    <div class="nobody-waits">
      <Icon />
      <div>
        <p>
          <b>{heading}</b>
        </p>
        {children}
      </div>
    </div>
  );
}
