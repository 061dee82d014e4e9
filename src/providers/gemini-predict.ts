import type { UsageFold } from "../core/metering.ts";
import type { Usage } from "../core/usage.ts";
import { type Counts, field, listField, sumOf, textField, usageOf } from "./fields.ts";
import { lastTold } from "./last-told.ts";

const markers = ['"predictions"'];

/** The usage of `predict`: images that were made, or the tokens of texts; of other models it tells none. */
export function predictFold(provider: string): UsageFold {
  return lastTold(
    provider,
    markers,
    (message, counts) => tokensIn(message, counts) ?? imagesIn(message),
  );
}

/** Each embedding tells its own, texts all at once; characters, where that is all there is. */
function tokensIn(message: unknown, counts: Counts): Usage | null {
  const metadata = field(message, "metadata");
  const embedded = sumOf(
    ...listField(message, "predictions").map((one) => embeddedIn(one, counts)),
  );
  const tokens = usageOf({
    input:
      embedded ?? counts.count(field(metadata, "tokenMetadata", "inputTokenCount", "totalTokens")),
    output: counts.count(field(metadata, "tokenMetadata", "outputTokenCount", "totalTokens")),
  });
  return tokens ?? usageOf({ characters: counts.count(field(metadata, "billableCharacterCount")) });
}

function embeddedIn(prediction: unknown, counts: Counts): number | undefined {
  const statistics = field(prediction, "embeddings", "statistics");
  return counts.count(field(statistics, "token_count") ?? field(statistics, "tokenCount"));
}

/** Those that were held back by a filter are not there, but for their reason, and not billed. */
function imagesIn(message: unknown): Usage | null {
  const images = listField(message, "predictions").filter(isImage).length;
  return images === 0 ? null : { images };
}

function isImage(prediction: unknown): boolean {
  const hasContent =
    textField(prediction, "bytesBase64Encoded") !== null ||
    textField(prediction, "gcsUri") !== null;
  return hasContent && (textField(prediction, "mimeType") ?? "image/").startsWith("image/");
}
