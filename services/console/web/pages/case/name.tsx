/** A name that somebody typed: it keeps its direction to itself, and a page is not its alone. */

const NAME_SHOWN = 60;

export function Name({ children }: { readonly children: string }) {
  const isLong = children.length > NAME_SHOWN;
  return (
    <bdi style={{ overflowWrap: "anywhere" }} {...(isLong && { title: children })}>
      {isLong ? `${children.slice(0, NAME_SHOWN)}…` : children}
    </bdi>
  );
}
