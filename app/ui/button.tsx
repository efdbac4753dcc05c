import { Link, type LinkProps } from "@remix-run/react";
import { type ComponentPropsWithoutRef, forwardRef, type ReactNode } from "react";
import { classNames } from "./class-names";

const VARIANTS = {
  /** The main action: at most one per screen. */
  primary: "border-transparent bg-accent font-medium text-on-accent hover:brightness-110",
  plain: "border-edge bg-paper text-ink hover:bg-hover",
  quiet: "border-transparent text-ink hover:bg-hover",
  added: "border-added bg-paper text-added hover:bg-added-wash",
  removed: "border-removed bg-paper text-removed hover:bg-removed-wash",
} as const;

const SIZES = {
  /** 24 px: inside code and rows. */
  small: "h-6 gap-1 px-2 text-12",
  medium: "h-8 gap-1.5 px-3 text-13",
} as const;

const SHAPE =
  "target inline-flex shrink-0 items-center justify-center rounded-md border whitespace-nowrap select-none " +
  "disabled:opacity-55 aria-disabled:opacity-55";

export type ButtonStyle = { variant?: keyof typeof VARIANTS; size?: keyof typeof SIZES };

function buttonClass({ variant = "plain", size = "medium" }: ButtonStyle, className?: string): string {
  return classNames(SHAPE, VARIANTS[variant], SIZES[size], className);
}

export type ButtonProps = ComponentPropsWithoutRef<"button"> & ButtonStyle;

/** A button with `type="button"` by default, so that none submits by accident. */
export const Button = forwardRef<HTMLButtonElement, ButtonProps>(function Button(
  { variant, size, className, type = "button", ...rest },
  ref,
) {
  return <button ref={ref} type={type} className={buttonClass({ variant, size }, className)} {...rest} />;
});

type SubmitButtonProps = Omit<ButtonProps, "type"> & {
  /** True while an action of its form is in progress: it can't be pressed. */
  isBusy: boolean;
  /** Its words while its own action is in progress. */
  busyText?: ReactNode;
};

/** A form's button that looks busy, and can't be pressed again, while the form's action is in progress. */
export function SubmitButton({ isBusy, busyText, children, ...rest }: SubmitButtonProps) {
  const isOwn = isBusy && busyText !== undefined;
  return (
    <Button type="submit" aria-disabled={isBusy || undefined} aria-busy={isOwn || undefined} {...rest}>
      {isOwn ? busyText : children}
    </Button>
  );
}

/** A link styled as a button. */
export function ButtonLink({ variant, size, className, ...rest }: LinkProps & ButtonStyle) {
  return <Link className={buttonClass({ variant, size }, className)} {...rest} />;
}

type IconLabel = {
  /** The accessible name, also shown as a tooltip. */
  label: string;
  /** The tooltip's alignment; `start` and `end` keep it inside the viewport at the page's edges. */
  tipAlign?: "center" | "start" | "end";
  children: ReactNode;
};

const squareClass = (size: ButtonStyle["size"]) =>
  size === "small" ? "target-square w-6 px-0!" : "target-square w-8 px-0!";

/** An icon-only button with an accessible name. */
export const IconButton = forwardRef<HTMLButtonElement, Omit<ButtonProps, "children"> & IconLabel>(function IconButton(
  { label, tipAlign = "center", variant = "quiet", size, className, ...rest },
  ref,
) {
  return (
    <Button
      ref={ref}
      aria-label={label}
      data-tip={label}
      data-tip-align={tipAlign}
      variant={variant}
      size={size}
      className={classNames(squareClass(size), className)}
      {...rest}
    />
  );
});

/** An icon-only link with an accessible name. */
export function IconLink({
  label,
  tipAlign = "center",
  variant = "quiet",
  size,
  className,
  ...rest
}: Omit<LinkProps, "children"> & ButtonStyle & IconLabel) {
  return (
    <ButtonLink
      aria-label={label}
      data-tip={label}
      data-tip-align={tipAlign}
      variant={variant}
      size={size}
      className={classNames(squareClass(size), className)}
      {...rest}
    />
  );
}
