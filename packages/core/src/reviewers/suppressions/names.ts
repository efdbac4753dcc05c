/** Names that other tools have for what our rules find. */

/** By another tool's name, without its plugin and in lower-case letters and digits: the last parts of our rules' ids. */
const others: Readonly<Record<string, string>> = {
  // ESLint, typescript-eslint and its plugins, where Biome's name is another.
  bantscomment: "noTsIgnore",
  bantypes: "noBannedTypes",
  complexity: "complex-function",
  eqeqeq: "noDoubleEquals",
  exhaustivedeps: "useExhaustiveDependencies",
  jsxkey: "useJsxKeyInIterable",
  jsxnotargetblank: "noBlankTarget",
  maxdepth: "complex-function",
  nocasedeclarations: "noSwitchDeclarations",
  nocondassign: "noAssignInExpressions",
  noconstantbinaryexpression: "noConstantBinaryExpressions",
  nodanger: "noDangerouslySetInnerHtml",
  nodupeargs: "early-error",
  nodupeclassmembers: "noDuplicateClassMembers",
  nodupeelseif: "noDuplicateElseIf",
  nodupekeys: "noDuplicateObjectKeys",
  noduplicatecase: "noDuplicateCase",
  noempty: "noEmptyBlockStatements empty-catch",
  noemptyfunction: "noEmptyBlockStatements",
  noemptyobjecttype: "noBannedTypes",
  noeval: "noGlobalEval",
  noexassign: "noCatchAssign",
  noextrabooleancast: "noExtraBooleanCast",
  nofallthrough: "noFallthroughSwitchClause",
  nofloatingpromises: "forgotten-await",
  nofuncassign: "noFunctionAssign",
  noimpliedeval: "noGlobalEval",
  noinvalidregexp: "early-error",
  nomisusednew: "noMisleadingInstantiator",
  nolossofprecision: "noPrecisionLoss",
  nomisleadingcharacterclass: "noMisleadingCharacterClass",
  nononnullassertedoptionalchain: "noNonNullAssertedOptionalChain",
  noredeclare: "early-error",
  noregexspaces: "noAdjacentSpacesInRegex",
  noselfassign: "noSelfAssign",
  noselfcompare: "noSelfCompare",
  nosparsearrays: "noSparseArray",
  nothisalias: "noUselessThisAlias",
  nounreachable: "noUnreachable",
  nounsafefunctiontype: "noBannedTypes",
  nounusedvars: "noUnusedVariables noUnusedImports",
  nounusedimports: "noUnusedImports",
  nousebeforedefine: "noInvalidUseBeforeDeclaration",
  nouselessescape: "noUselessEscapeInString noUselessEscapeInRegex",
  nouselessrename: "noUselessRename",
  nowrapperobjecttypes: "noBannedTypes",
  preferconst: "useConst",
  preferoptionalchain: "useOptionalChain",
  rulesofhooks: "useHookAtTopLevel",
  clickeventshavekeyevents: "useKeyWithClickEvents",
  anchorisvalid: "useValidAnchor",
  anchorhascontent: "useAnchorContent",
  buttonhastype: "useButtonType",
  alttext: "useAltText",
  htmlhaslang: "useHtmlLang",
  iframehastitle: "useIframeTitle",
  labelhasassociatedcontrol: "noLabelWithoutControl",
  mediahascaption: "useMediaCaption",
  // Pylint.
  unusedimport: "F401",
  w0611: "F401",
  unusedvariable: "F841",
  w0612: "F841",
  undefinedvariable: "F821",
  e0602: "F821",
  functionredefined: "F811",
  pointlessstatement: "B018 B015",
  expressionnotassigned: "B018 B015",
  w0104: "B018 B015",
  dangerousdefaultvalue: "B006",
  w0102: "B006",
  bareexcept: "E722",
  w0702: "E722",
  execused: "S102",
  w0122: "S102",
  evalused: "S307",
  w0123: "S307",
  cellvarfromloop: "B023",
  w0640: "B023",
  considerusingwith: "SIM115",
  r1732: "SIM115",
  raisemissingfrom: "B904",
  w0707: "B904",
  missingtimeout: "S113",
  w3101: "S113",
  consideriteratingdictionary: "SIM118",
  unidiomatictypecheck: "E721",
  toomanybranches: "complex-function",
  r0912: "complex-function",
  toomanystatements: "complex-function",
  r0915: "complex-function",
  toocomplex: "complex-function",
  c901: "complex-function",
  lostexception: "B012",
  uselesselseonloop: "PLW0120",
  singletoncomparison: "E711 E712",
  // Complexity, as others measure it.
  noexcessivecognitivecomplexity: "complex-function",
  cognitivecomplexity: "complex-function",
  cyclop: "complex-function",
  gocyclo: "complex-function",
  gocognit: "complex-function",
  perceivedcomplexity: "complex-function",
  cyclomaticcomplexity: "complex-function",
  toomanylines: "complex-function",
};

const squeeze = (name: string): string =>
  name
    .slice(name.lastIndexOf("/") + 1)
    .toLowerCase()
    .replace(/[^a-z0-9]/g, "");

/** Bandit numbers its checks as Ruff does, with another letter. */
const bandit = /^b(\d{3})$/;

/** Returns whether a rule is what another tool calls by a name: its own name too, and Ruff's prefixes of codes. */
export function isNamed(rule: string, name: string): boolean {
  const own = squeeze(rule);
  const theirs = squeeze(name.slice(name.lastIndexOf(":") + 1));
  if (theirs === "") return false;
  const meant = others[theirs]?.split(" ").map(squeeze) ?? [];
  const number = bandit.exec(theirs)?.[1];
  if (number) meant.push(`s${number}`);
  return own === theirs || meant.includes(own);
}

/** Returns whether a name is at least in part a rule's: what compilers call `unused` may be `unused-result` here. */
export function isAlike(rule: string, name: string): boolean {
  const [own, theirs] = [squeeze(rule), squeeze(name.slice(name.lastIndexOf(":") + 1))];
  return theirs === "all" || (theirs.length >= 5 && (own.includes(theirs) || theirs.includes(own)));
}
