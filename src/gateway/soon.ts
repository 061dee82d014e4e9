/** A value that is mostly there already: waiting for it would cost a turn of the loop. */
export type Soon<T> = T | Promise<T>;

/** `then` without the turn, where the value is there. */
export function whenThere<T, U>(value: Soon<T>, next: (value: T) => Soon<U>): Soon<U> {
  return value instanceof Promise ? value.then(next) : next(value);
}
