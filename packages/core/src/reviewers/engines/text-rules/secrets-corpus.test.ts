import { expect, it } from "vitest";
import { findSecrets } from "./secrets";

/** Made-up characters. Values are put together here, so that no scanner takes this file for a leak. */
const MIXED = "q7Rz2Kx9Vb4Nm1Tc8Wp3Ls6Yd5Hf0JgUe8Ai3Ok6Xn9Qw2Zr5Bv7Md4Ct1";
const mixed = (length: number): string => MIXED.repeat(Math.ceil(length / MIXED.length)).slice(0, length);
const hex = (length: number): string => "7c3f9a1e5b8d2046e1d4a7f3c9b05286".repeat(9).slice(0, length);
const upper = (length: number): string =>
  mixed(2 * length)
    .toUpperCase()
    .replace(/[^A-Z2-7]/g, "")
    .slice(0, length);
const letters = (length: number): string =>
  "qTzRkLmWpXvNsDfGhJbCyQwZrKxVtPnMgHdSjFcLbYqWmZkR".repeat(4).slice(0, length);
const base64 = (text: string): string => Buffer.from(text).toString("base64");
const url64 = (value: object): string => Buffer.from(JSON.stringify(value)).toString("base64url");

/** A file's path and text for each format of a credential. */
const FORMATS: Record<string, [path: string, text: string]> = {
  "AWS access key": ["a.py", `id = "${"AKIA"}${upper(16)}"`],
  "AWS temporary key": ["a.py", `id = "${"ASIA"}${upper(16)}"`],
  "AWS secret key": ["a.py", `aws_secret_access_key = "${mixed(40)}"`],
  "GitHub token": ["a.js", `const t = "${"ghp"}_${mixed(36)}";`],
  "GitHub fine-grained token": ["a.js", `const t = "${"github"}_pat_${mixed(22)}_${mixed(59)}";`],
  "GitHub app token": ["a.js", `const t = "${"ghs"}_${mixed(36)}";`],
  "GitLab token": ["a.yml", `token: ${"glpat"}-${mixed(20)}`],
  "GitLab deploy token": ["a.yml", `token: ${"gldt"}-${mixed(20)}`],
  "Hugging Face": ["a.py", `login("${"hf"}_${letters(34)}")`],
  DigitalOcean: ["a.tf", `token = "${"dop"}_v1_${hex(64)}"`],
  "Shopify access token": ["a.rb", `t = "${"shpat"}_${hex(32)}"`],
  "Shopify secret": ["a.rb", `t = "${"shpss"}_${hex(32)}"`],
  Vault: ["a.sh", `export VAULT_TOKEN=${"hvs"}.${mixed(95)}`],
  "Slack bot": ["a.js", `const t = "${"xoxb"}-123456789012-${mixed(24)}";`],
  "Slack app": ["a.js", `const t = "${"xapp"}-1-A0${upper(9)}-5512345678901-${hex(64)}";`],
  "Slack webhook": ["a.js", `post("https://hooks.slack.com/${"services"}/T${upper(9)}/B${upper(9)}/${mixed(24)}");`],
  "Stripe live": ["a.js", `const k = "${"sk"}_live_${mixed(24)}";`],
  "Stripe test": ["a.js", `const k = "${"sk"}_test_${mixed(24)}";`],
  "Stripe restricted": ["a.js", `const k = "${"rk"}_live_${mixed(24)}";`],
  "Azure storage": ["a.cs", `"DefaultEndpointsProtocol=https;AccountName=shop;${"AccountKey"}=${mixed(86)}=="`],
  "Azure client secret": ["a.cs", `var s = "${mixed(3)}8${"Q~"}${mixed(34)}";`],
  Mailgun: ["a.py", `key = "${"key"}-${hex(32)}"`],
  Telegram: ["a.py", `bot = "5512345678:${"AA"}${mixed(33)}"`],
  "Discord webhook": ["a.py", `post("https://discord.com/api/${"webhooks"}/1055123456789012345/${mixed(68)}")`],
  "JSON web token": [
    "a.js",
    `const t = "${url64({ alg: "HS256", typ: "JWT" })}.${url64({ sub: "8f2c71", iss: "shop" })}.${mixed(43)}";`,
  ],
  "Bearer header": ["a.js", `headers: { Authorization: "Bearer ${mixed(40)}" }`],
  "curl -u": ["deploy.sh", `curl -u deploy:${mixed(14)} https://api.shop.dev/v1`],
  "Docker auth": [
    "config.json",
    `{ "auths": { "registry.shop.dev": { "auth": "${base64(`deploy:${mixed(20)}`)}" } } }`,
  ],
  "Basic header": ["a.js", `headers: { Authorization: "Basic ${base64(`svc-shop:${mixed(16)}`)}" }`],
  "Google API key": ["a.js", `const k = "${"AIza"}${mixed(35)}";`],
  "Google OAuth secret": ["a.js", `const k = "${"GOCSPX"}-${mixed(28)}";`],
  npm: [".npmrc", `//registry.npmjs.org/:_authToken=${"npm"}_${mixed(36)}`],
  PyPI: [".pypirc", `password = ${"pypi"}-AgEIcHlwaS5vcmc${mixed(70)}`],
  RubyGems: ["a.yml", `:rubygems_api_key: ${"rubygems"}_${hex(48)}`],
  SendGrid: ["a.js", `const k = "${"SG"}.${mixed(22)}.${mixed(43)}";`],
  Anthropic: ["a.py", `k = "${"sk-ant"}-api03-${mixed(93)}AA"`],
  OpenAI: ["a.py", `k = "${"sk-proj"}-${mixed(40)}T3BlbkFJ${mixed(40)}"`],
  Groq: ["a.py", `k = "${"gsk"}_${mixed(52)}"`],
  Replicate: ["a.py", `k = "${"r8"}_${mixed(37)}"`],
  Databricks: ["a.py", `k = "${"dapi"}${hex(32)}"`],
  Grafana: ["a.yml", `token: ${"glsa"}_${mixed(32)}_${hex(8)}`],
  "New Relic": ["a.yml", `key: ${"NRAK"}-${upper(27)}`],
  Sentry: ["a.yml", `token: ${"sntryu"}_${hex(64)}`],
  Linear: ["a.js", `const k = "${"lin"}_api_${mixed(40)}";`],
  Notion: ["a.js", `const k = "${"ntn"}_${mixed(44)}";`],
  Figma: ["a.js", `const k = "${"figd"}_${mixed(40)}";`],
  Postman: ["a.js", `const k = "${"PMAK"}-${hex(24)}-${hex(34)}";`],
  Pulumi: ["a.sh", `export PULUMI_ACCESS_TOKEN=${"pul"}-${hex(40)}`],
  Terraform: ["a.tfrc", `token = "${mixed(14)}.${"atlasv1"}.${mixed(64)}"`],
  Doppler: ["a.sh", `export T=${"dp"}.pt.${mixed(43)}`],
  Netlify: ["a.sh", `export T=${"nfp"}_${mixed(36)}`],
  Supabase: ["a.sh", `export T=${"sbp"}_${hex(40)}`],
  PlanetScale: ["a.sh", `export T=${"pscale"}_tkn_${mixed(43)}`],
  Twilio: ["a.py", `twilio_key = "${"SK"}${hex(32)}"`],
  Square: ["a.js", `const k = "${"sq0csp"}-${mixed(43)}";`],
  Brevo: ["a.js", `const k = "${"xkeysib"}-${hex(64)}-${mixed(16)}";`],
  Mailchimp: ["a.js", `const k = "${hex(32)}-us12";`],
  HubSpot: ["a.js", `const k = "${"pat-na1"}-7c3f9a1e-5b8d-4046-a1d4-a7f3c9b05286";`],
  age: ["key.txt", `${"AGE-SECRET-KEY-"}1${"QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L".repeat(2).slice(0, 58)}`],
  "private key": ["id_rsa", `-----BEGIN OPENSSH ${"PRIVATE KEY"}-----\n${mixed(60)}\n`],
  "password in an address": ["a.py", `db = "postgres://shop:${mixed(14)}@db.shop.internal/shop"`],
  ".env without quotes": [".env", `SECRET_KEY=${letters(50)}`],
  "YAML without quotes": ["app.yml", `db:\n  password: ${letters(20)}\n`],
  "properties without quotes": ["app.properties", `db.password=${mixed(18)}`],
  "assignment in code": ["a.js", `const apiSecret = "${mixed(28)}";`],
};

const languageOf = (path: string): string => {
  if (path.startsWith(".env") || /\.(?:properties|npmrc|pypirc)$|^\.(?:npmrc|pypirc)$/.test(path)) return "properties";
  if (/\.ya?ml$/.test(path)) return "yaml";
  return path.endsWith(".sh") ? "shell" : "javascript";
};

const findIn = ([path, text]: [string, string]) => findSecrets(text, { path, language: languageOf(path) });

it("finds credentials in each known format and marks the value", () => {
  const missed = Object.entries(FORMATS).filter(([, file]) => findIn(file).length === 0);
  expect(missed.map(([name]) => name)).toEqual([]);
  const doubled = Object.entries(FORMATS).filter(([, file]) => findIn(file).length > 1);
  expect(doubled.map(([name]) => name)).toEqual([]);
});

const UUID = "7c3f9a1e-5b8d-4046-a1d4-a7f3c9b05286";

/** What looks like a credential and is none. */
const LOOK_ALIKES: [path: string, text: string][] = [
  ["a.py", `API_KEY_ID = "${UUID}"`],
  ["a.py", `api_key = "${UUID}"`],
  ["a.py", `TOKEN_SHA256 = "${hex(64)}"`],
  ["a.py", `password_hash = "${mixed(60)}"`],
  ["a.js", `const csrfTokenHeaderName = "X-CSRF-Token-V2-2024-12";`],
  ["a.test.js", `const token = "abc123def456ghi789";`],
  ["a.js", `const token = "abcdef1234567890";`],
  ["a.js", `integrity: "sha512-${mixed(86)}=="`],
  ["a.js", `const apiKey = process.env.API_KEY;`],
  ["a.js", `const apiKey = \`\${prefix}-\${suffix}\`;`],
  ["a.js", `const secret = "set by the deployment";`],
  ["a.js", `const token = "authorization-code-grant";`],
  ["a.js", `passwordError: "errors.password.tooShort"`],
  ["a.js", `const passwordPlaceholder = "correct-horse-battery-staple";`],
  ["a.js", `const TOKEN_TYPE = "urn:ietf:params:oauth:token-type:jwt";`],
  ["a.js", `const tokenUrl = "https://auth.shop.dev/oauth2/v1/token";`],
  ["a.js", `const secretName = "prod/shop/database-2024";`],
  ["a.js", `const publicKey = "${mixed(44)}";`],
  ["a.js", `const publishableKey = "${"pk"}_live_${mixed(24)}";`],
  ["a.js", `const siteKey = "6Lc${mixed(37)}";`],
  ["a.js", `firebase.initializeApp({ apiKey: "${"AIza"}${mixed(35)}", authDomain: "shop.firebaseapp.com" });`],
  ["a.js", `algolia: { appId: "${upper(10)}", apiKey: "${hex(32)}" }`],
  ["a.js", `const csrfToken = "${mixed(32)}";`],
  ["a.js", `got("http://old-user:old-password@localhost:1/");`],
  ["a.js", `got("https://user:password@example.com/");`],
  ["a.js", `got("https://jo%40email.com:a%20secret@www.example.com");`],
  ["a.test.js", `got("http://locust:menace@127.0.0.1:8080");`],
  ["a.js", `const url = "postgres://postgres:postgres@localhost/test";`],
  ["a.js", `const url = "mysql://root:changeme@db/shop";`],
  ["a.js", `const url = "redis://:your_password_here@redis.example.com:6379";`],
  ["a.js", `const url = \`postgres://\${user}:\${password}@\${host}/db\`;`],
  ["a.md", "git clone https://<user>:<token>@github.com/shop/shop.git"],
  ["a.md", "curl -u user:password https://api.shop.dev"],
  ["a.sh", 'curl -u "$USER:$TOKEN" https://api.shop.dev'],
  ["a.md", "Authorization: Bearer YOUR_ACCESS_TOKEN_HERE_12345"],
  ["a.md", "Authorization: Bearer <token>"],
  ["a.js", `headers.Authorization = \`Bearer \${token}\`;`],
  ["a.js", `headers: { Authorization: "Basic ${base64("user:password")}" }`],
  ["a.test.js", `const credential = "${base64("shop-user-a:shop-password-a")}";`],
  [
    "a.md",
    `eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.${url64({ sub: "1234567890", name: "John Doe", iat: 1_516_239_022 })}.${mixed(43)}`,
  ],
  ["a.js", `if (text.startsWith("-----BEGIN ${"PRIVATE KEY"}-----")) {`],
  ["a.js", `const pem = \`-----BEGIN ${"PRIVATE KEY"}-----\\n\${base64Key}\\n-----END ${"PRIVATE KEY"}-----\`;`],
  ["a.md", `-----BEGIN RSA ${"PRIVATE KEY"}-----\n...\n-----END RSA ${"PRIVATE KEY"}-----`],
  ["a.py", 'AWS_ACCESS_KEY_ID = "AKIAIOSFODNN7EXAMPLE"'],
  ["a.py", 'aws_secret_access_key = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"'],
  ["a.yml", `password: \${{ secrets.DB_PASSWORD }}`],
  ["a.yml", "password: !vault |"],
  ["a.yml", "secretName: shop-database-credentials"],
  ["a.yml", `token: \${TOKEN}`],
  ["a.yml", "passwordSecretRef: shop-db-password"],
  ["a.yml", "secret-key-ref: database-credentials-prod"],
  ["a.yml", "api_key: changeme-in-production"],
  ["a.yml", "password: /run/secrets/db_password"],
  ["a.yml", "access_token_url: https://auth.shop.dev/token"],
  ["a.yml", "token_expiration_seconds: 3600000000000"],
  [".env", "SECRET_KEY="],
  [".env", "SECRET_KEY=changeme"],
  [".env", "SECRET_KEY=your-secret-key-goes-here"],
  [".env", "API_KEY=<your api key>"],
  [".env", "TOKEN_PATH=/var/run/secrets/token"],
  [".env", "PASSWORD_MIN_LENGTH=000000000012"],
  [".env", "JWT_SECRET=super-secret-jwt-token-for-development"],
  [".env", "ACCESS_KEY_FILE=./config/access-key.json"],
  ["a.properties", "spring.security.oauth2.client.provider.token-uri=https://auth.shop.dev/token"],
  ["a.properties", "javax.net.ssl.keyStorePassword=changeit"],
  ["a.properties", "password.message=Passwords-must-have-12-characters"],
  ["a.js", `const version = "v1.0-${hex(7)}";`],
  ["a.js", `const commit = "${hex(40)}";`],
  ["a.js", `const digest = "${hex(64)}";`],
  ["a.js", `const className = "hf_header_navigation_container_wrapper";`],
  ["a.css", ".sk_live_preview_container_of_the_page { color: red; }"],
  ["a.js", `import key from "key-value-store-of-the-application";`],
  ["a.js", `const tokens = ["identifier", "punctuation", "whitespace-and-comments"];`],
  ["a.js", `const passwordRegex = "^(?=.*[a-z])(?=.*[A-Z])(?=.*[0-9]).{12,}$";`],
  ["a.js", `t("settings.apiKey.description.long.2024")`],
  ["a.js", `const accessKeyLabel = "Alt+Shift+K-or-Control+Option+K1";`],
  ["a.js", `const authKeyPrefix = "auth:v2:sessions:by-user-id:";`],
  ["a.js", `const secretToken = "test-token-123456";`],
  ["a.py", 'token = "dummy-token-for-unit-tests-1"'],
  ["a.py", 'credential_type = "service_account_key_2024_v1"'],
  ["a.js", `const data = "data:image/png;base64,${mixed(120)}";`],
  ["a.js", `const uuidToken = "${UUID}";`],
];

it("leaves look-alikes alone", () => {
  expect(LOOK_ALIKES.length).toBeGreaterThanOrEqual(80);
  const reported = LOOK_ALIKES.filter((file) => findIn(file).length > 0);
  expect(reported).toEqual([]);
});

it("weighs credentials of the own machine, of tests and of documents as nits", () => {
  const address = (host: string) => `const url = "postgres://shop:${mixed(14)}@${host}/shop";`;
  const severity = (path: string, text: string) => findIn([path, text]).map((finding) => finding.severity);
  expect(severity("a.js", address("localhost"))).toEqual(["nit"]);
  expect(severity("a.js", address("db.example.com"))).toEqual(["nit"]);
  expect(severity("tests/a.js", address("db.shop.internal"))).toEqual(["nit"]);
  expect(severity("a.js", address("db.shop.internal"))).toEqual(["critical"]);
  expect(severity("docs/guide.md", `api_key = "${mixed(28)}"`)).toEqual(["nit"]);
});
