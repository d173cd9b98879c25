// Reads a list of templates with their values as JSON; answers with a list of what text/template makes of each, null
// where it refuses one.
package main

import (
	"encoding/json"
	"os"
	"strings"
	"text/template"
)

type asked struct {
	Text   string
	Values map[string]interface{}
}

func main() {
	var list []asked
	if err := json.NewDecoder(os.Stdin).Decode(&list); err != nil {
		panic(err)
	}
	functions := template.FuncMap{"list": func(number float64) []int { return make([]int, int(number)) }}
	answers := make([]*string, len(list))
	for at, one := range list {
		made, err := template.New("one").Funcs(functions).Parse(one.Text)
		if err != nil {
			continue
		}
		var out strings.Builder
		if made.Execute(&out, one.Values) != nil {
			out.Reset()
		}
		text := out.String()
		answers[at] = &text
	}
	json.NewEncoder(os.Stdout).Encode(answers)
}
