/**
 * Examples of Anthropic's public documentation, as of 2026-11-21:
 * - plain: https://platform.claude.com/docs/en/build-with-claude/working-with-messages
 * - streams (basic, tools, web search), errors in streams: https://platform.claude.com/docs/en/build-with-claude/streaming
 * - caches, both lifetimes: https://platform.claude.com/docs/en/build-with-claude/prompt-caching
 * - compaction: https://platform.claude.com/docs/en/build-with-claude/compaction
 * - errors: https://platform.claude.com/docs/en/api/errors
 * Some of the texts are cut short; "after" marks counts that are put together from several examples.
 */
import type { GoldenCase } from "../golden.ts";

const path = "/v1/messages";
const model = "claude-sonnet-4-5-20250929";
const hello = [{ role: "user", content: "Hello" }];
const request = { model, max_tokens: 1024, messages: hello };
const streamed = { ...request, stream: true };

const started = `event: message_start
data: {"type": "message_start", "message": {"id": "msg_1nZdL29xx5MUA1yADyHTEsnR8uuvGzszyY", "type": "message", "role": "assistant", "content": [], "model": "claude-sonnet-4-5-20250929", "stop_reason": null, "stop_sequence": null, "usage": {"input_tokens": 25, "output_tokens": 1}}}

event: content_block_start
data: {"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": ""}}

event: ping
data: {"type": "ping"}

event: content_block_delta
data: {"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": "Hello"}}

`;

const ended = `event: content_block_delta
data: {"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": "!"}}

event: content_block_stop
data: {"type": "content_block_stop", "index": 0}

event: message_delta
data: {"type": "message_delta", "delta": {"stop_reason": "end_turn", "stop_sequence":null}, "usage": {"output_tokens": 15}}

event: message_stop
data: {"type": "message_stop"}

`;

const tools = `event: message_start
data: {"type":"message_start","message":{"id":"msg_014p7gG3wDgGV9EUtLvnow3U","type":"message","role":"assistant","model":"claude-sonnet-4-5-20250929","stop_sequence":null,"usage":{"input_tokens":472,"output_tokens":2},"content":[],"stop_reason":null}}

event: content_block_start
data: {"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}

event: content_block_delta
data: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"Okay"}}

event: content_block_stop
data: {"type":"content_block_stop","index":0}

event: content_block_start
data: {"type":"content_block_start","index":1,"content_block":{"type":"tool_use","id":"toolu_01T1x1fJ34qAmk2tNTrN7Up6","name":"get_weather","input":{}}}

event: content_block_delta
data: {"type":"content_block_delta","index":1,"delta":{"type":"input_json_delta","partial_json":"{\\"location\\":"}}

event: content_block_delta
data: {"type":"content_block_delta","index":1,"delta":{"type":"input_json_delta","partial_json":" \\"San Francisco, CA\\"}"}}

event: content_block_stop
data: {"type":"content_block_stop","index":1}

event: message_delta
data: {"type":"message_delta","delta":{"stop_reason":"tool_use","stop_sequence":null},"usage":{"output_tokens":89}}

event: message_stop
data: {"type":"message_stop"}

`;

const searches = `event: message_start
data: {"type":"message_start","message":{"id":"msg_01G...","type":"message","role":"assistant","model":"claude-sonnet-4-5-20250929","content":[],"stop_reason":null,"stop_sequence":null,"usage":{"input_tokens":2679,"cache_creation_input_tokens":0,"cache_read_input_tokens":0,"output_tokens":3}}}

event: content_block_start
data: {"type":"content_block_start","index":1,"content_block":{"type":"server_tool_use","id":"srvtoolu_014hJH82Qum7Td6UV8gDXThB","name":"web_search","input":{}}}

event: content_block_stop
data: {"type":"content_block_stop","index":1 }

event: message_delta
data: {"type":"message_delta","delta":{"stop_reason":"end_turn","stop_sequence":null},"usage":{"input_tokens":10682,"cache_creation_input_tokens":0,"cache_read_input_tokens":0,"output_tokens":510,"server_tool_use":{"web_search_requests":1}}}

event: message_stop
data: {"type":"message_stop"}

`;

const cachedStream = `event: message_start
data: {"type":"message_start","message":{"id":"msg_01XFDUDYJgAACzvnptvVoYEL","type":"message","role":"assistant","model":"claude-sonnet-4-5-20250929","content":[],"stop_reason":null,"stop_sequence":null,"usage":{"input_tokens":21,"cache_creation_input_tokens":248,"cache_read_input_tokens":1800,"cache_creation":{"ephemeral_5m_input_tokens":148,"ephemeral_1h_input_tokens":100},"output_tokens":4,"service_tier":"standard"}}}

event: content_block_delta
data: {"type":"content_block_delta","index":0,"delta":{"type":"thinking_delta","thinking":"27 * 453"}}

event: message_delta
data: {"type":"message_delta","delta":{"stop_reason":"end_turn","stop_sequence":null},"usage":{"input_tokens":21,"cache_creation_input_tokens":248,"cache_read_input_tokens":1800,"output_tokens":393,"output_tokens_details":{"thinking_tokens":310}}}

event: message_stop
data: {"type":"message_stop"}

`;

const failure = `event: error
data: {"type": "error", "error": {"type": "overloaded_error", "message": "Overloaded"}}

`;

const partial = {
  expected: {
    provider: "anthropic",
    model,
    usage: { input: 25, output: 1 },
    isFinal: false,
  },
  handCalculation: { nanoUsd: 90_000, working: "25 × $3 + 1 × $15, per million: what was told" },
};

/** Rates: claude-sonnet-4-5 in $3, out $15, cache write $3.75, for an hour $6, cache read $0.30; searches $10 per 1,000. */
export const anthropicCases: readonly GoldenCase[] = [
  {
    name: "a plain message",
    path,
    request,
    reply: {
      id: "msg_01XFDUDYJgAACzvnptvVoYEL",
      type: "message",
      role: "assistant",
      content: [{ type: "text", text: "Hello!" }],
      model,
      stop_reason: "end_turn",
      stop_sequence: null,
      usage: { input_tokens: 12, output_tokens: 6 },
    },
    expected: { provider: "anthropic", model, usage: { input: 12, output: 6 }, isFinal: true },
    handCalculation: { nanoUsd: 126_000, working: "12 × $3 + 6 × $15, per million" },
  },
  {
    name: "a stream",
    path,
    request: streamed,
    reply: started + ended,
    expected: { provider: "anthropic", model, usage: { input: 25, output: 15 }, isFinal: true },
    handCalculation: { nanoUsd: 300_000, working: "25 × $3 + 15 × $15, per million" },
  },
  {
    name: "a stream with tools",
    path,
    request: streamed,
    reply: tools,
    expected: { provider: "anthropic", model, usage: { input: 472, output: 89 }, isFinal: true },
    handCalculation: { nanoUsd: 2_751_000, working: "472 × $3 + 89 × $15, per million" },
  },
  {
    name: "a stream with a web search",
    path,
    request: streamed,
    reply: searches,
    expected: {
      provider: "anthropic",
      model,
      usage: { input: 10_682, output: 510, webSearches: 1 },
      isFinal: true,
    },
    handCalculation: {
      nanoUsd: 49_696_000,
      working: "10,682 × $3 + 510 × $15, per million, + 1 × $10 per thousand",
    },
  },
  {
    name: "a message over caches of both lifetimes",
    path,
    request,
    reply: {
      id: "msg_01XFDUDYJgAACzvnptvVoYEL",
      type: "message",
      role: "assistant",
      content: [{ type: "text", text: "Hello!" }],
      model,
      stop_reason: "end_turn",
      usage: {
        input_tokens: 2048,
        cache_read_input_tokens: 1800,
        cache_creation_input_tokens: 248,
        output_tokens: 503,
        cache_creation: { ephemeral_5m_input_tokens: 148, ephemeral_1h_input_tokens: 100 },
      },
    },
    expected: {
      provider: "anthropic",
      model,
      usage: { input: 4096, output: 503, cached: 1800, cacheWrite: 248, cacheWrite1h: 100 },
      isFinal: true,
    },
    handCalculation: {
      nanoUsd: 15_384_000,
      working: "2,048 × $3 + 1,800 × $0.30 + 148 × $3.75 + 100 × $6 + 503 × $15, per million",
    },
  },
  {
    name: "a stream over a cache, with thoughts, all counts told twice (after the examples of caches and streams)",
    path,
    request: streamed,
    reply: cachedStream,
    expected: {
      provider: "anthropic",
      model,
      usage: {
        input: 2069,
        output: 393,
        cached: 1800,
        cacheWrite: 248,
        cacheWrite1h: 100,
        reasoning: 310,
      },
      isFinal: true,
    },
    handCalculation: {
      nanoUsd: 7_653_000,
      working: "21 × $3 + 1,800 × $0.30 + 148 × $3.75 + 100 × $6 + 393 × $15, per million",
    },
  },
  {
    name: "a message whose context was compacted",
    path,
    request: { ...request, model: "claude-opus-4-6" },
    reply: {
      id: "msg_01XFDUDYJgAACzvnptvVoYEL",
      type: "message",
      role: "assistant",
      model: "claude-opus-4-6",
      content: [{ type: "compaction", content: "Summary of the conversation: ..." }],
      stop_reason: "end_turn",
      usage: {
        input_tokens: 23_000,
        output_tokens: 1000,
        iterations: [
          { type: "compaction", input_tokens: 180_000, output_tokens: 3500 },
          { type: "message", input_tokens: 23_000, output_tokens: 1000 },
        ],
      },
    },
    expected: {
      provider: "anthropic",
      model: "claude-opus-4-6",
      usage: { input: 203_000, output: 4500 },
      isFinal: true,
    },
    handCalculation: {
      nanoUsd: 1_127_500_000,
      working: "claude-opus-4-6: 203,000 × $5 + 4,500 × $25, per million",
    },
  },
  {
    name: "a stream that broke off",
    path,
    request: streamed,
    reply: started,
    ...partial,
  },
  {
    name: "a stream that ends with an error",
    path,
    request: streamed,
    reply: started + failure,
    ...partial,
  },
  {
    name: "an error",
    path,
    request,
    status: 529,
    reply: {
      type: "error",
      error: { type: "overloaded_error", message: "Overloaded" },
      request_id: "req_011CSHoEeqs5C35K2UUqR7Fy",
    },
    expected: { provider: null, model: null, usage: null, isFinal: false },
    handCalculation: null,
  },
];
