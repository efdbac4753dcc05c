/** Formats of credentials that name themselves: a match is a secret or a very good imitation. */
import { isRandom } from "./values";

/** The value is group 1. `hint` is in every text that can match, so that most texts cost one search a format. */
export type SecretFormat = {
  name: string;
  hint: string | RegExp;
  pattern: RegExp;
  accept?: (value: string, around: string) => boolean;
  /** A credential of little worth to others: for tests of a service, say. */
  isMinor?: true;
};

const format = (name: string, hint: string | RegExp, pattern: RegExp): SecretFormat => ({ name, hint, pattern });
/** A prefix and characters behind it, ended by what is no part of a value. */
const prefixed = (name: string, prefix: string, characters: string): SecretFormat => ({
  name,
  hint: new RegExp(prefix),
  pattern: new RegExp(`(?<![A-Za-z0-9_-])((?:${prefix})${characters})(?![A-Za-z0-9_-])`, "g"),
});

const bits = /(?=.*[0-9])|(?=.*[A-Z].*[a-z])/;
const looksMade = (value: string): boolean => bits.test(value) && !/EXAMPLE/.test(value);

const clouds: SecretFormat[] = [
  format("AWS access key", /A[KSB]IA|ACCA/, /\b((?:AKIA|ASIA|ABIA|ACCA)[A-Z2-7]{16})\b/g),
  {
    name: "AWS secret key",
    hint: /aws/i,
    pattern: /aws.{0,20}?secret.{0,24}?["'=:\s]([A-Za-z0-9/+]{40})(?![A-Za-z0-9/+=])/gi,
    accept: isRandom,
  },
  {
    name: "Google API key",
    hint: "AIza",
    pattern: /\b(AIza[A-Za-z0-9_-]{35})(?![A-Za-z0-9_-])/g,
    // A web app's key of Firebase is public by design.
    accept: (_, around) => !/firebase|authDomain|messagingSenderId/i.test(around),
  },
  prefixed("Google OAuth secret", "GOCSPX-", "[A-Za-z0-9_-]{28}"),
  format("Azure storage key", "AccountKey=", /AccountKey=([A-Za-z0-9+/]{86}==)/g),
  format("Azure shared access key", "SharedAccessKey=", /SharedAccessKey=([A-Za-z0-9+/]{43}=)/g),
  format("Azure client secret", "Q~", /(?<![\w~.-])([A-Za-z0-9_~.]{3}\dQ~[A-Za-z0-9_~.-]{31,34})(?![\w~.-])/g),
  prefixed("DigitalOcean token", "do[opr]_v1_", "[a-f0-9]{64}"),
  prefixed("Alibaba access key", "LTAI", "[A-Za-z0-9]{17,21}"),
  prefixed("Heroku key", "HRKU-", "[A-Za-z0-9_-]{36,}"),
  prefixed("Cloudflare origin key", "v1\\.0-", "[a-f0-9]{24}-[a-f0-9]{146}"),
  prefixed("Fly.io token", "fm[12][ar]?_", "[A-Za-z0-9+/]{60,}={0,3}"),
  prefixed("Netlify token", "nfp_", "[A-Za-z0-9]{36,40}"),
  prefixed("Supabase token", "sbp_", "[a-f0-9]{40}"),
  prefixed("PlanetScale token", "pscale_(?:tkn|pw|oauth)_", "[A-Za-z0-9=._-]{32,64}"),
  prefixed("Databricks token", "dapi", "[a-f0-9]{32}(?:-\\d)?"),
  prefixed("Pulumi token", "pul-", "[a-f0-9]{40}"),
  prefixed("Terraform token", "[A-Za-z0-9]{14}\\.atlasv1\\.", "[A-Za-z0-9_=-]{60,70}"),
  prefixed("Vault token", "hv[sb]\\.", "[A-Za-z0-9_-]{24,}"),
  prefixed("Doppler token", "dp\\.(?:pt|st|ct|sa|scim|audit)\\.", "[A-Za-z0-9.]{40,}"),
  prefixed("1Password token", "ops_eyJ", "[A-Za-z0-9+/]{200,}={0,3}"),
  prefixed("age key", "AGE-SECRET-KEY-1", "[QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L]{58}"),
];

const code: SecretFormat[] = [
  prefixed("GitHub token", "gh[pousr]_", "[A-Za-z0-9]{36,255}"),
  prefixed("GitHub token", "github_pat_", "[A-Za-z0-9]{22}_[A-Za-z0-9]{59}"),
  prefixed("GitLab token", "gl(?:pat|dt|rt|ptt|cbt|ft|soat|agent|imt)-", "[A-Za-z0-9_-]{20,}"),
  prefixed("GitLab runner token", "GR1348941", "[A-Za-z0-9_-]{20}"),
  prefixed("Bitbucket password", "ATBB", "[A-Za-z0-9]{32}"),
  prefixed("Atlassian token", "ATATT3", "[A-Za-z0-9_=-]{100,}"),
  prefixed("npm token", "npm_", "[A-Za-z0-9]{36}"),
  prefixed("PyPI token", "pypi-AgEIcHlwaS5vcmc", "[A-Za-z0-9_-]{50,}"),
  prefixed("RubyGems key", "rubygems_", "[a-f0-9]{48}"),
  prefixed("Clojars token", "CLOJARS_", "[a-z0-9]{60}"),
  prefixed("Artifactory key", "AKCp", "[A-Za-z0-9]{69}"),
  prefixed("SonarQube token", "sq[pua]_", "[a-f0-9]{40}"),
  prefixed("Sentry token", "sntry[us]_", "[A-Za-z0-9+/=_.-]{40,}"),
  prefixed("Grafana token", "glsa_", "[A-Za-z0-9]{32}_[A-Fa-f0-9]{8}"),
  prefixed("Grafana Cloud token", "glc_eyJ", "[A-Za-z0-9+/]{32,400}={0,3}"),
  prefixed("New Relic key", "NRAK-", "[A-Z0-9]{27}"),
  prefixed("Postman key", "PMAK-", "[a-f0-9]{24}-[a-f0-9]{34}"),
  prefixed("Linear key", "lin_api_", "[A-Za-z0-9]{40}"),
  prefixed("Notion token", "ntn_", "[A-Za-z0-9]{43,46}"),
  prefixed("Figma token", "figd_", "[A-Za-z0-9_-]{40}"),
  prefixed("Airtable token", "pat[A-Za-z0-9]{14}\\.", "[a-f0-9]{64}"),
  prefixed("ReadMe key", "rdme_", "[a-z0-9]{70}"),
  prefixed("Prefect key", "pn[ub]_", "[A-Za-z0-9]{36}"),
];

const models: SecretFormat[] = [
  prefixed("Anthropic key", "sk-ant-[a-z0-9]+-", "[A-Za-z0-9_-]{60,}"),
  prefixed("OpenAI key", "sk-(?:proj-|svcacct-|admin-)?[A-Za-z0-9_-]{20,}T3BlbkFJ", "[A-Za-z0-9_-]{20,}"),
  prefixed("Hugging Face token", "hf_|api_org_", "[A-Za-z0-9]{34}"),
  prefixed("Groq key", "gsk_", "[A-Za-z0-9]{52}"),
  prefixed("Perplexity key", "pplx-", "[A-Za-z0-9]{48}"),
  prefixed("Replicate token", "r8_", "[A-Za-z0-9]{37}"),
  prefixed("xAI key", "xai-", "[A-Za-z0-9]{70,}"),
];

const services: SecretFormat[] = [
  prefixed("Slack token", "xox[abeoprs]-", "[A-Za-z0-9-]{20,}"),
  prefixed("Slack app token", "xapp-\\d-", "[A-Z0-9]+-\\d+-[a-f0-9]{40,}"),
  format(
    "Slack webhook",
    "hooks.slack.com",
    /(https:\/\/hooks\.slack\.com\/(?:services\/T[A-Z0-9]+\/B[A-Z0-9]+|workflows\/[A-Z0-9/]+|triggers\/[A-Z0-9/]+)\/[A-Za-z0-9]{16,})/g,
  ),
  format(
    "Discord webhook",
    /discord(?:app)?\.com\/api/,
    /(https:\/\/(?:\w+\.)?discord(?:app)?\.com\/api\/(?:v\d+\/)?webhooks\/\d{16,20}\/[A-Za-z0-9_-]{60,})/g,
  ),
  format(
    "Discord token",
    /[MNO]/,
    /(?<![\w.-])([MNO][A-Za-z0-9_-]{23,25}\.[A-Za-z0-9_-]{6}\.[A-Za-z0-9_-]{27,38})(?![\w.-])/g,
  ),
  format("Telegram token", ":AA", /(?<![\w:])(\d{8,10}:AA[A-Za-z0-9_-]{33})(?![\w-])/g),
  format(
    "Teams webhook",
    "webhook.office.com",
    /(https:\/\/\w+\.webhook\.office\.com\/webhookb2\/[\w@-]+\/IncomingWebhook\/[\w/-]{60,})/g,
  ),
  prefixed("Stripe live key", "(?:sk|rk)_live_", "[A-Za-z0-9]{16,}"),
  { ...prefixed("Stripe test key", "(?:sk|rk)_test_", "[A-Za-z0-9]{16,}"), isMinor: true },
  prefixed("Stripe webhook secret", "whsec_", "[A-Za-z0-9+/]{32,}={0,2}"),
  prefixed("Shopify token", "shp(?:at|ca|pa|ss)_", "[a-fA-F0-9]{32}"),
  prefixed("Square token", "sq0(?:atp|csp|idp)-", "[A-Za-z0-9_-]{22,43}"),
  prefixed("Razorpay key", "rzp_live_", "[A-Za-z0-9]{14,}"),
  prefixed("SendGrid key", "SG\\.", "[A-Za-z0-9_-]{22}\\.[A-Za-z0-9_-]{43}"),
  prefixed("Brevo key", "xkeysib-", "[a-f0-9]{64}-[A-Za-z0-9]{16}"),
  prefixed("Mailgun key", "key-", "[a-f0-9]{32}"),
  format("Mailgun key", /mailgun/i, /mailgun.{0,40}?["'=:\s]([a-f0-9]{32}-[a-f0-9]{8}-[a-f0-9]{8})\b/gi),
  format("Mailchimp key", "-us", /(?<![\w-])([a-f0-9]{32}-us\d{1,2})(?![\w-])/g),
  format("Twilio key", /twilio|SK/i, /(?<![\w])(SK[a-f0-9]{32})(?!\w)/g),
  format("Twilio token", /twilio/i, /twilio.{0,30}?(?:token|secret).{0,10}?["'=:\s]([a-f0-9]{32})\b/gi),
  prefixed("HubSpot token", "pat-(?:na|eu)\\d-", "[a-f0-9]{8}(?:-[a-f0-9]{4}){3}-[a-f0-9]{12}"),
  prefixed("Shippo token", "shippo_live_", "[a-f0-9]{40}"),
  prefixed("EasyPost key", "EZAK", "[A-Za-z0-9]{54}"),
  prefixed("Typeform token", "tfp_", "[A-Za-z0-9._=-]{59}"),
  prefixed("Dropbox token", "sl\\.", "[A-Za-z0-9_-]{130,}"),
  prefixed("Mapbox secret token", "sk\\.eyJ", "[A-Za-z0-9_-]{60,}\\.[A-Za-z0-9_-]{20,}"),
  prefixed("Adafruit key", "aio_", "[A-Za-z0-9]{28}"),
];

const keys: SecretFormat[] = [
  format(
    "private key",
    "PRIVATE KEY",
    /(-----BEGIN (?:RSA |EC |DSA |OPENSSH |PGP |ENCRYPTED )?PRIVATE KEY(?: BLOCK)?-----)(?=(?:\\[nr]|[\s"'+,;\\])*(?:[A-Za-z0-9+/=]{6,}(?!\.\.|…)|(?:Proc-Type|DEK-Info|Version|Comment):))/g,
  ),
];

/** Every known format; prefixed values must look made, so that names with such a prefix are none. */
export const secretFormats: readonly SecretFormat[] = [...clouds, ...code, ...models, ...services, ...keys].map(
  (each) => ({ accept: each.name === "private key" ? () => true : looksMade, ...each }),
);
