import { type RefObject, useLayoutEffect, useRef } from "react";

/** Keeps a box that grows scrolled to its end, unless the reader has scrolled up. `size` goes up with its content. */
export function useStickToEnd<E extends HTMLElement>(size: number): RefObject<E | null> {
  const box = useRef<E>(null);
  const former = useRef(0);
  useLayoutEffect(() => {
    const element = box.current;
    if (element === null) return;
    const { scrollTop, clientHeight, scrollHeight } = element;
    const wasAtEnd = scrollTop + clientHeight >= former.current - 40;
    former.current = scrollHeight;
    if (wasAtEnd) element.scrollTop = scrollHeight;
  }, [size]);
  return box;
}
