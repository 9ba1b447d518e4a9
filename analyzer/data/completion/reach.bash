# bash completion of reach: in ~/.bashrc `source <(reach completion bash)`

_reach() {
    local line=${COMP_LINE:0:COMP_POINT} word breaks="" typed="" about
    # bash takes the signs of COMP_WORDBREAKS for ends of words: what stands before the last of them stays as it is.
    [[ $COMP_WORDBREAKS == *:* ]] && breaks+=":"
    [[ $COMP_WORDBREAKS == *=* ]] && breaks+="="
    if [[ $breaks && ${COMP_WORDS[COMP_CWORD]} != [\"\']* ]]; then
        word=${line##*[[:space:]]}
        typed=${word%"${word##*[$breaks]}"}
    fi
    COMPREPLY=()
    while IFS=$'\t' read -r word about; do
        [[ $word == "<files>" ]] && break # bash lists files where nothing is told
        COMPREPLY+=("${word#"$typed"}")
    done < <(command reach completion --line "$line" 2>/dev/null)
    [[ ${#COMPREPLY[@]} -gt 0 && ${COMPREPLY[0]} == *[:=/-] ]] && compopt -o nospace 2>/dev/null
    return 0
}

complete -o default -F _reach reach vpc-reach
