import { type Static, Type } from "@sinclair/typebox";

/** What chat-like APIs take as a message's content: text, or parts of which some are text. */
export const Content = Type.Union([
  Type.String(),
  Type.Null(),
  Type.Array(Type.Object({ text: Type.Optional(Type.String()) })),
]);
export type Content = Static<typeof Content>;

/** A message of a chat, as far as the sample model reads it. */
export const Message = Type.Object({ role: Type.String(), content: Type.Optional(Content) });
export type Message = Static<typeof Message>;

/** A field that may be left out, or null: SDKs send either. */
export function maybe<T extends Parameters<typeof Type.Optional>[0]>(schema: T) {
  return Type.Optional(Type.Union([schema, Type.Null()]));
}

/** The text of a message: its text parts, each on its own line. */
export function textOf(content: Content | undefined): string {
  if (content === undefined || content === null) return "";
  if (typeof content === "string") return content;
  return content.flatMap(({ text }) => text ?? []).join("\n");
}

/** What the user said last; where no message is a user's, the last of all. */
export function lastSaid(messages: readonly Message[]): string {
  const message = messages.findLast(({ role }) => role === "user") ?? messages.at(-1);
  return textOf(message?.content);
}

const charactersPerToken = 4;

/**
 * A made-up measure: one token for every four UTF-16 units of a text, rounded up. Near what tokenizers give
 * for English prose, exact for none; pictures, tools and the frame around messages count nothing.
 */
export function countTokens(text: string): number {
  return Math.ceil(text.length / charactersPerToken);
}

/** Sum of `countTokens` over the texts of the messages. */
export function countMessageTokens(messages: readonly Message[]): number {
  return messages.reduce((sum, { content }) => sum + countTokens(textOf(content)), 0);
}

/** An answer of the sample model. */
export interface Answer {
  readonly text: string;
  readonly tokens: number;
  /** The caller's limit on tokens cut it short. */
  readonly cut: boolean;
}

/** The sample model: says back what it was told, within the caller's limit. */
export function answerTo(said: string, maxTokens: number | null | undefined): Answer {
  const whole = `You said: ${said}`;
  const text = whole.slice(0, (maxTokens ?? Infinity) * charactersPerToken).toWellFormed();
  return { text, tokens: countTokens(text), cut: text.length < whole.length };
}

const maxPieces = 50;

/** The parts a text is streamed in: words, or several at a time where there are many. */
export function piecesOf(text: string): string[] {
  const words = text.match(/\S+\s*|\s+/g) ?? [];
  const perPiece = Math.ceil(words.length / maxPieces);
  return Array.from({ length: Math.ceil(words.length / Math.max(perPiece, 1)) }, (_, index) =>
    words.slice(index * perPiece, (index + 1) * perPiece).join(""),
  );
}
