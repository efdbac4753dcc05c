import {
  commandFromStrings,
  leftOver,
  repeatedConditionRule,
  sameBranchesRule,
  sameOperands,
  selfAssignment,
  sqlFromStrings,
  unreachable,
} from "../families";
import type { GrammarLanguage } from "../language";
import { around, isAlike, isTest, nextOf, within } from "../predicates";

const inFunction = (body: string) => `package shop\n\nfunc run(folder string) {\n${body}}\n`;
const staticcheck = "https://staticcheck.dev/docs/checks/#";

export const go: GrammarLanguage = {
  id: "go",
  wasm: "tree-sitter-go/tree-sitter-go.wasm",
  outline: `
    (function_declaration name: (_) @name) @function
    (method_declaration name: (_) @name) @function
    (func_literal) @function
    (type_spec name: (_) @name) @symbol
    [(if_statement) (for_statement) (expression_case) (type_case) (communication_case) "&&" "||"] @decision
    (comment) @comment`,
  brackets: "go",
  rules: [
    sameOperands({
      source: `${staticcheck}SA4000`,
      query: '["==" "<" ">" "<=" ">=" "&&" "||" "-" "%"] @operator',
      bad: inFunction("\tif from < from {\n\t\tstop()\n\t}\n"),
      good: inFunction("\tif from < to {\n\t\tstop()\n\t}\n"),
    }),
    selfAssignment({
      source: `${staticcheck}SA4018`,
      query: `(assignment_statement left: (expression_list . (_) @left .) operator: "=" right: (expression_list . (_) @right .)) @at`,
      bad: inFunction("\tprice = price\n"),
      good: inFunction("\ts.price = price\n"),
    }),
    repeatedConditionRule({
      source: `${staticcheck}SA4014`,
      query: "(if_statement) @if",
      bad: inFunction("\tif n > 3 {\n\t\tstop()\n\t} else if n > 3 {\n\t\tgoOn()\n\t}\n"),
      good: inFunction("\tif n > 3 {\n\t\tstop()\n\t} else if n > 2 {\n\t\tgoOn()\n\t}\n"),
    }),
    sameBranchesRule({
      source: "https://go-critic.com/overview.html#dupbranchbody",
      query: "(if_statement) @if",
      bad: inFunction("\tif n > 3 {\n\t\tstop()\n\t} else {\n\t\tstop()\n\t}\n"),
      good: inFunction("\tif n > 3 {\n\t\tstop()\n\t} else {\n\t\tgoOn()\n\t}\n"),
    }),
    unreachable({
      source: "https://pkg.go.dev/golang.org/x/tools/go/analysis/passes/unreachable",
      query: `(statement_list [(return_statement) (break_statement) (continue_statement) (goto_statement)] @exit)
        (statement_list (expression_statement (call_expression function: (identifier) @panic (#eq? @panic "panic"))) @exit)`,
      bad: inFunction("\treturn\n\tstop()\n"),
      good: inFunction("\tstop()\n\treturn\n"),
    }),
    {
      id: "ignored-error",
      severity: "major",
      title: "The error that this returns is ignored",
      why: "When it fails, the code goes on with nothing read, written or made. Check the error, or assign it to `_` to say that it doesn't matter.",
      source: "https://github.com/kisielk/errcheck",
      query: `(expression_statement (call_expression function: (selector_expression operand: (identifier) @package field: (field_identifier) @name))) @at`,
      when: ({ nodes, path }) =>
        !isTest(path) &&
        // What is undone after an error is done as well as it can be.
        !(
          nodes.at &&
          /\berr\b/.test(around(nodes.at, /^if_statement$/, /^func/)?.childForFieldName("condition")?.text ?? "")
        ) &&
        /^(?:(?:json|xml|yaml|toml|proto)\.Unmarshal|os\.(?:WriteFile|MkdirAll|Mkdir|Rename|Chdir|Chmod|Truncate|Symlink|Link)|ioutil\.WriteFile|io\.(?:ReadFull|CopyN)|binary\.(?:Read|Write)|gob\.Register)$/.test(
          `${nodes.package?.text}.${nodes.name?.text}`,
        ) &&
        nodes.package?.text !== "gob",
      bad: inFunction("\tjson.Unmarshal(data, &order)\n"),
      good: inFunction("\tif err := json.Unmarshal(data, &order); err != nil {\n\t\tstop(err)\n\t}\n"),
    },
    {
      id: "defer-before-check",
      severity: "major",
      title: "Deferred before the error is checked",
      why: "When the call failed there is nothing to close: the value is nil or not usable. Check the error first.",
      source: `${staticcheck}SA5001`,
      query: `(short_var_declaration left: (expression_list . (identifier) @value . (identifier) @error .) right: (expression_list (call_expression))) @declaration`,
      when: ({ nodes: { declaration, value, error } }) => {
        const next = declaration && nextOf(declaration);
        const isClose = next?.type === "defer_statement" && next.text.startsWith(`defer ${value?.text}.Close()`);
        return isClose && error?.text !== "_" && error?.text.startsWith("err") ? next : false;
      },
      bad: inFunction("\tf, err := os.Open(name)\n\tdefer f.Close()\n\tif err != nil {\n\t\treturn\n\t}\n"),
      good: inFunction("\tf, err := os.Open(name)\n\tif err != nil {\n\t\treturn\n\t}\n\tdefer f.Close()\n"),
    },
    {
      id: "deferred-lock",
      severity: "major",
      title: "Locks again when the function returns",
      why: "`defer mu.Lock()` right after `mu.Lock()` should be `defer mu.Unlock()`: as it is, the function never returns.",
      source: `${staticcheck}SA2003`,
      query: `((expression_statement (call_expression function: (selector_expression field: (field_identifier) @lock))) @locked (#match? @lock "^R?Lock$"))`,
      when: ({ nodes: { locked } }) => {
        const next = locked && nextOf(locked);
        return next?.type === "defer_statement" && isAlike(next.namedChildren[0], locked) ? next : false;
      },
      bad: inFunction("\tmu.Lock()\n\tdefer mu.Lock()\n\tcount++\n"),
      good: inFunction("\tmu.Lock()\n\tdefer mu.Unlock()\n\tcount++\n"),
    },
    {
      id: "sleep-without-unit",
      severity: "major",
      title: "Sleeps for nanoseconds",
      why: "A bare number is a duration in nanoseconds. Multiply it by a unit, such as `time.Millisecond`.",
      source: `${staticcheck}SA1004`,
      query: `(call_expression function: (selector_expression operand: (identifier) @package field: (field_identifier) @name)
        arguments: (argument_list . (int_literal) @number .) (#eq? @package "time") (#eq? @name "Sleep") (#match? @number "^[1-9][0-9]{0,3}$")) @at`,
      bad: inFunction("\ttime.Sleep(100)\n"),
      good: inFunction("\ttime.Sleep(100 * time.Millisecond)\n"),
    },
    {
      id: "late-add",
      severity: "major",
      title: "Added inside the goroutine that is waited for",
      why: "`Wait` may run before the goroutine does, and then waits for nothing. Call `Add` before `go`.",
      source: `${staticcheck}SA2000`,
      query: `((go_statement (call_expression function: (func_literal body: (block (statement_list . (expression_statement
        (call_expression function: (selector_expression operand: (_) @group field: (field_identifier) @add)) @at))))))
        (#eq? @add "Add"))`,
      when: ({ nodes: { group } }) => /(?:wg|group|wait)\w*$/i.test(group?.text ?? ""),
      bad: inFunction("\tgo func() {\n\t\twg.Add(1)\n\t\tdefer wg.Done()\n\t}()\n\twg.Wait()\n"),
      good: inFunction("\twg.Add(1)\n\tgo func() {\n\t\tdefer wg.Done()\n\t}()\n\twg.Wait()\n"),
    },
    {
      id: "nil-map",
      severity: "major",
      title: "Written to a map that is nil",
      why: "A map that is only declared is nil, and writing to it panics. Make it first.",
      source: `${staticcheck}SA5000`,
      query: "(var_declaration (var_spec name: (identifier) @map type: (map_type) !value)) @declaration",
      when: ({ nodes: { declaration, map } }) => {
        const next = declaration && nextOf(declaration);
        const [target] = next?.type === "assignment_statement" ? within(next, "index_expression") : [];
        return target?.startIndex === next?.startIndex && isAlike(target?.childForFieldName("operand"), map)
          ? next
          : false;
      },
      bad: inFunction("\tvar prices map[string]int\n\tprices[name] = 3\n"),
      good: inFunction("\tprices := map[string]int{}\n\tprices[name] = 3\n"),
    },
    {
      id: "unverified-tls",
      severity: "minor",
      confidence: "medium",
      title: "Certificates are not checked",
      why: "Anyone between the two ends can read and change what is sent.",
      source: "https://github.com/securego/gosec/blob/master/rules/tls.go",
      query: `((keyed_element (literal_element (identifier) @key) (literal_element (true))) @at (#eq? @key "InsecureSkipVerify"))`,
      when: ({ path }) => !isTest(path),
      bad: inFunction("\tc := &tls.Config{InsecureSkipVerify: true}\n\tdial(c)\n"),
      good: inFunction("\tc := &tls.Config{RootCAs: pool}\n\tdial(c)\n"),
    },
    {
      id: "error-of-sprintf",
      severity: "nit",
      title: "`fmt.Errorf` does this in one call",
      why: "It also wraps an error with `%w`, so that callers can tell what went wrong.",
      source: `${staticcheck}S1028`,
      query: `(call_expression function: (selector_expression) @new arguments: (argument_list . (call_expression function: (selector_expression) @sprintf) .)
        (#eq? @new "errors.New") (#eq? @sprintf "fmt.Sprintf")) @at`,
      bad: inFunction('\tstop(errors.New(fmt.Sprintf("no order %d", id)))\n'),
      good: inFunction('\tstop(fmt.Errorf("no order %d", id))\n'),
    },
    sqlFromStrings({
      source: "https://github.com/securego/gosec/blob/master/rules/sql.go",
      query: `(call_expression function: (selector_expression field: (field_identifier) @method) arguments: (argument_list
        [(binary_expression) (call_expression function: (selector_expression) @format (#eq? @format "fmt.Sprintf"))] @text)
        (#match? @method "^(?:Query|QueryRow|Exec|Prepare)(?:Context)?$")) @at`,
      bad: inFunction(`\tdb.Query("SELECT * FROM orders WHERE name = '" + name + "'")\n`),
      good: inFunction('\tdb.Query("SELECT * FROM orders WHERE name = $1", name)\n'),
    }),
    commandFromStrings({
      source: "https://github.com/securego/gosec/blob/master/rules/subproc.go",
      query: `(call_expression function: (selector_expression) @command arguments: (argument_list . (interpreted_string_literal) @shell . (_) @flag .
        [(binary_expression left: (interpreted_string_literal)) (call_expression function: (selector_expression) @format (#eq? @format "fmt.Sprintf"))])
        (#eq? @command "exec.Command") (#match? @shell "^\\"(?:/bin/)?(?:ba)?sh\\"$") (#eq? @flag "\\"-c\\"")) @at`,
      bad: inFunction('\texec.Command("sh", "-c", "ls "+folder).Run()\n'),
      good: inFunction('\texec.Command("ls", folder).Run()\n'),
    }),
    leftOver({
      source: "https://github.com/ashanbrown/forbidigo",
      query: `(expression_statement (call_expression function: (_) @print) (#match? @print "^(?:spew\\\\.F?[Dd]ump|pp\\\\.Println|println|litter\\\\.Dump)$")) @at`,
      bad: inFunction("\tspew.Dump(order)\n"),
      good: inFunction('\tlog.Print("order stored")\n'),
    }),
  ],
};
