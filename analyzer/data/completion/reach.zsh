#compdef reach vpc-reach
# zsh completion of reach: in ~/.zshrc, after compinit, `source <(reach completion zsh)`; or as a file `_reach` in $fpath

_reach() {
    local word about line="${(j: :)words[1,CURRENT-1]} $PREFIX"
    local -a whole begun shown
    while IFS=$'\t' read -r word about; do
        if [[ $word == "<files>" ]]; then
            compset -P '*='
            _files
            return
        elif [[ $word == *[:=/-] ]]; then
            begun+=("$word")
        else
            whole+=("$word")
            shown+=("$word${about:+  -- $about}")
        fi
    done < <(command reach completion --line "$line" 2>/dev/null)
    compadd -S '' -a begun
    compadd -l -d shown -a whole
}

if [[ $funcstack[1] == _reach ]]; then
    _reach "$@"
else
    compdef _reach reach vpc-reach
fi
