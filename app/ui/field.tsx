import { type ComponentPropsWithoutRef, forwardRef, type ReactNode, useId } from "react";
import { classNames } from "./class-names";

const CONTROL =
  "w-full rounded-md border border-edge bg-paper text-ink aria-invalid:border-danger aria-invalid:outline-1 " +
  "aria-invalid:outline-danger disabled:opacity-55";

export const Input = forwardRef<HTMLInputElement, ComponentPropsWithoutRef<"input">>(function Input(
  { className, ...rest },
  ref,
) {
  return <input ref={ref} className={classNames(CONTROL, "target h-8 px-2 text-13", className)} {...rest} />;
});

export const Textarea = forwardRef<HTMLTextAreaElement, ComponentPropsWithoutRef<"textarea">>(function Textarea(
  { className, ...rest },
  ref,
) {
  return <textarea ref={ref} className={classNames(CONTROL, "px-3 py-2 text-13", className)} {...rest} />;
});

export const Select = forwardRef<HTMLSelectElement, ComponentPropsWithoutRef<"select">>(function Select(
  { className, ...rest },
  ref,
) {
  return <select ref={ref} className={classNames(CONTROL, "target h-8 px-2 text-13", className)} {...rest} />;
});

/** Attributes that tie a control to its label, hint and error; spread them on the control. */
export type FieldControl = { id: string; "aria-describedby"?: string; "aria-invalid"?: true };

type FieldProps = {
  label: string;
  /** Hides the label visually where the context makes it redundant. */
  isLabelHidden?: boolean;
  hint?: ReactNode;
  error?: string;
  className?: string;
  children: (control: FieldControl) => ReactNode;
};

/** A labelled control with its hint and error: `<Field label="Name">{(control) => <Input {...control} name="name" />}</Field>`. */
export function Field({ label, isLabelHidden, hint, error, className, children }: FieldProps) {
  const id = useId();
  const describedBy = [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(" ");
  return (
    <div className={classNames("flex min-w-0 flex-col gap-1", className)}>
      <label htmlFor={id} className={isLabelHidden ? "sr-only" : "text-13 font-medium"}>
        {label}
      </label>
      {children({
        id,
        ...(describedBy && { "aria-describedby": describedBy }),
        ...(error && { "aria-invalid": true }),
      })}
      {hint && (
        <p id={`${id}-hint`} className="text-12 text-quiet">
          {hint}
        </p>
      )}
      {error && <FieldError id={`${id}-error`}>{error}</FieldError>}
    </div>
  );
}

/** An input's validation error. */
export function FieldError({ id, children }: { id?: string; children: ReactNode }) {
  return (
    <p id={id} className="text-13 text-danger">
      {children}
    </p>
  );
}
