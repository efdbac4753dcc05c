import { Form, useLocation } from "@remix-run/react";
import { Check, Monitor, Moon, Sun } from "lucide-react";
import { Menu, menuItemClass } from "../ui/menu";
import { THEMES, type Theme } from "../ui/theme";

const THEME_OPTIONS = {
  system: { name: "System", Icon: Monitor },
  light: { name: "Light", Icon: Sun },
  dark: { name: "Dark", Icon: Moon },
} as const;

/** Switches between the light, dark and system theme. */
export function ThemeSwitch({ theme }: { theme: Theme }) {
  const { pathname, search } = useLocation();
  const { Icon } = THEME_OPTIONS[theme];
  return (
    <Menu label={`Theme: ${THEME_OPTIONS[theme].name.toLowerCase()}`} trigger={<Icon size={16} aria-hidden="true" />}>
      <Form method="post" action="/theme" preventScrollReset replace>
        <input type="hidden" name="returnTo" value={pathname + search} />
        {THEMES.map((each) => {
          const { name, Icon: EachIcon } = THEME_OPTIONS[each];
          return (
            <button
              key={each}
              type="submit"
              name="theme"
              value={each}
              aria-pressed={each === theme}
              data-menu-item
              className={menuItemClass}
            >
              <EachIcon size={16} aria-hidden="true" />
              {name}
              {each === theme && <Check size={16} className="ml-auto" aria-hidden="true" />}
            </button>
          );
        })}
      </Form>
    </Menu>
  );
}
