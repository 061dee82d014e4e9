/** Names of headers and parameters whose values are secrets, and may turn up elsewhere. */
export const codeLike =
  /auth|key|token|secret|cookie|password|passwd|signature|^sig$|^code$|credential|sec-websocket-protocol|^x-amz-/i;
