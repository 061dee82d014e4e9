/** The navigation, in its order. */
export const sections: readonly (readonly [path: string, name: string])[] = [
  ["/routes", "Routes"],
  ["/test", "Test"],
  ["/logs", "Logs"],
  ["/keys", "Keys"],
  ["/teams", "Teams"],
  ["/spend", "Spend"],
  ["/health", "Health"],
  ["/config", "Config"],
  ["/audit", "Audit"],
];
