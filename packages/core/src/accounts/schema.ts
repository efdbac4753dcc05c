import * as v from "valibot";
import { LIMITS } from "../limits";

const { password: PASSWORD, signUp: SIGN_UP } = LIMITS;

/** Text of people, without characters that only machines see. */
const line = (label: string, max: number) =>
  v.pipe(
    v.string(`Enter ${label}.`),
    v.normalize("NFC"),
    v.trim(),
    v.minLength(1, `Enter ${label}.`),
    v.maxLength(max, `This is limited to ${max} characters.`),
    v.regex(/^[^\p{Cc}\p{Cs}\u202A-\u202E\u2066-\u2069]*$/u, "This has characters that can't be shown."),
  );

export const personName = line("your name", SIGN_UP.maxNameChars);

export const emailAddress = v.pipe(
  v.string("Enter an e-mail address."),
  v.trim(),
  v.maxLength(SIGN_UP.maxEmailChars, "This is too long for an e-mail address."),
  v.email("Enter an e-mail address, such as name@example.com."),
);

const USERNAME_RULE = "A username has 3 to 30 letters (a to z), digits or hyphens, and begins with a letter.";
export const username = v.pipe(
  v.string(USERNAME_RULE),
  v.trim(),
  v.regex(/^[a-zA-Z][a-zA-Z0-9-]{2,29}$/, USERNAME_RULE),
);

const kinds = [/\p{Lu}/u, /\p{Ll}/u, /\p{Nd}/u, /[^\p{L}\p{Nd}]/u];

/** The rule of what a password has to have; whether it is easily guessed is found out by the server. */
export const PASSWORD_RULE = `At least ${PASSWORD.minChars} characters with upper case, lower case, a digit and a symbol, or any ${PASSWORD.passphraseChars} characters.`;

export const newPassword = v.pipe(
  v.string("Enter a password."),
  v.normalize("NFKC"),
  v.minLength(1, "Enter a password."),
  v.maxLength(PASSWORD.maxChars, `Passwords are limited to ${PASSWORD.maxChars} characters.`),
  v.check(
    (text) =>
      [...text].length >= PASSWORD.passphraseChars ||
      ([...text].length >= PASSWORD.minChars && kinds.every((kind) => kind.test(text))),
    `${PASSWORD_RULE} Nothing was saved.`,
  ),
);

/** A password as it was typed to sign in; one that no account can have is refused like a wrong one. */
export const givenPassword = v.pipe(
  v.string(),
  v.normalize("NFKC"),
  v.maxLength(PASSWORD.maxChars, "Incorrect password."),
);

/** An account as its owner sees it. */
export type Account = { id: string; name: string; email: string; username: string; isConfirmed: boolean };

/** A browser that is signed in to an account. */
export type Device = { id: string; name: string; signedInAt: string; usedAt: string; isThisOne: boolean };
