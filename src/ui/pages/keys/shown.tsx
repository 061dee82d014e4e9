/** So much of a name is shown in a list. */
const most = 48;

/** A name that others have chosen: its start, and the whole of it as the title. */
export function Shown({ text }: { readonly text: string }) {
  if (text.length <= most) return <bdi className="break">{text}</bdi>;
  return (
    <bdi className="break" title={text}>
      {text.slice(0, most)}…
    </bdi>
  );
}
