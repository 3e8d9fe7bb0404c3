#!/usr/bin/env bash
# Trains the app's network as the GPU recipes say: teachers first, then the student on their probabilities, then the
# bundle. Run again, it goes on where it stopped. On a CPU it would take weeks: EPOCHS=1 shows that it works.
#
#   scripts/train-student.sh [OPTIONS of every training run, such as --data CSV --ferplus CSV --distributed]
#
# TEACHERS names networks and seeds, EPOCHS shortens every run, RUNS is where they lie, KERAS_BACKEND what computes.
set -eu

cd "$(dirname "$0")/.."
python=${PYTHON:-.venv/bin/python}
runs=${RUNS:-runs/gpu}
epochs=${EPOCHS:+--epochs $EPOCHS}
export KERAS_BACKEND=${KERAS_BACKEND:-jax}

train() { # OUT OPTIONS...
    local out=$1
    shift
    local resume=
    [ -f "$out/last.npz" ] && resume=--resume
    # shellcheck disable=SC2086 # the options are words
    "$python" -m training train --out "$out" $resume $epochs "$@"
}

folders=()
for teacher in ${TEACHERS:-resnet18:1 resnet18:2 vgg11:1 vgg11:2}; do
    folder=$runs/${teacher/:/-}
    train "$folder" --model "${teacher%:*}" --seed "${teacher#*:}" --recipe teacher "$@"
    folders+=("$folder")
done
train "$runs/student" --model student --recipe student-gpu --teacher "${folders[@]}" "$@"
data=()
while [ $# -gt 0 ]; do # export reads the data and has no other options of theirs
    case $1 in
        --data | --ferplus) data+=("$1" "$2"); shift ;;
        --data=* | --ferplus=* | --skip-bad) data+=("$1") ;;
    esac
    shift
done
KERAS_BACKEND=tensorflow "$python" -m training export "$runs/student" ${data+"${data[@]}"}
