import type { shells } from "./completion.ts";

const bash = `# Load with: source <(strongroom completion bash)
_strongroom() {
  local value summary
  COMPREPLY=()
  while IFS=$'\\t' read -r value summary; do
    COMPREPLY+=("$(printf '%q' "$value")")
  done < <("\${COMP_WORDS[0]}" __complete "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
}
complete -o default -F _strongroom strongroom
`;

const zsh = `#compdef strongroom
# Put into a folder of $fpath as _strongroom.
_strongroom() {
  local -a found
  local value summary
  while IFS=$'\\t' read -r value summary; do
    found+=("\${value//:/\\\\:}\${summary:+:$summary}")
  done < <("\${words[1]}" __complete "\${(@)words[2,CURRENT]}" 2>/dev/null)
  if (( \${#found} )); then
    _describe strongroom found
  else
    _files
  fi
}
if [[ "\${funcstack[1]}" == _strongroom ]]; then
  _strongroom "$@"
else
  compdef _strongroom strongroom
fi
`;

const fish = `# Put into ~/.config/fish/completions/strongroom.fish
function __strongroom_complete
    set -l typed (commandline -opc) (commandline -ct)
    $typed[1] __complete $typed[2..-1] 2>/dev/null
end
complete -c strongroom -a '(__strongroom_complete)'
`;

export const completionScripts: Readonly<Record<(typeof shells)[number], string>> = { bash, fish, zsh };
