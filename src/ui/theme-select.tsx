import { chooseTheme, type Theme, useTheme } from "./theme.ts";

const themes: readonly (readonly [theme: Theme, name: string])[] = [
  ["system", "System"],
  ["light", "Light"],
  ["dark", "Dark"],
];

/** Light, dark, or as the machine has it. */
export function ThemeSelect() {
  const { chosen } = useTheme();
  return (
    <div className="theme-select" role="group" aria-label="Colours">
      {themes.map(([theme, name]) => (
        <button
          key={theme}
          type="button"
          aria-pressed={theme === chosen}
          onClick={() => chooseTheme(theme)}
        >
          {name}
        </button>
      ))}
    </div>
  );
}
