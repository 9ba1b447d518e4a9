# fish completion of reach: `reach completion fish > ~/.config/fish/completions/reach.fish`

function __reach_complete
    set -l told (command reach completion --line (commandline -cp | string collect) 2>/dev/null)
    if test "$told[1]" = "<files>"
        __fish_complete_path (commandline -ct | string replace -r '^[^/]*=' '')
    else
        printf '%s\n' $told
    end
end

complete -c reach -f -a '(__reach_complete)'
complete -c vpc-reach -f -a '(__reach_complete)'
