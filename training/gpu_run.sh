#!/usr/bin/env bash
# One training run on a GPU machine that is driven by short commands: the run goes on in the background between them.
#
#   pack   FOLDER                      gather backbones and samples under FOLDER (small files, before the first command)
#   put    FROM TO                     move a folder that travelled with the command into the work folder, atomically
#   start  ARGS...                     start `emoeditor.run` in the background with these arguments
#   wait   SECONDS [OUT]               show the log until the run ends or time is up; copy report and log to OUT
#   finish PHASE                       end a phase early; the run goes on with the next one
#   collect OUT PART                   copy part 1 or 2 of the export to OUT, files cut at 15 MiB
#   restore FOLDER EXPORT              put collected parts back together
#
# WORK is the folder of data, checkpoints and log on that machine.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
WORK=${WORK:-/tmp/emo}
PYTHON=${PYTHON:-python3}
run=$WORK/run log=$WORK/log.txt
mkdir -p "$WORK"

copy_report() { # OUT
  mkdir -p "$1"
  cp "$log" "$1/log.txt" 2>/dev/null || true
  if [ -d "$run/report" ]; then tar -C "$run" -cf "$1/report.tar" report; fi
}

case ${1:?usage: see the head of this file} in
  pack)
    mkdir -p "$2/backbones" "$2/samples"
    (cd "$here" && "$PYTHON" -m emoeditor.pack_inputs "$2")
    du -sh "$2"
    ;;
  put)
    rm -rf "$WORK/incoming" "$3"
    mkdir -p "$(dirname "$3")"
    cp -r "$2" "$WORK/incoming" && mv "$WORK/incoming" "$3"
    du -sh "$3"
    ;;
  start)
    shift
    cd "$here"
    # The tree may be replaced by a later command: run from a copy.
    rm -rf "$WORK/code" && mkdir -p "$WORK/code" && cp -r emoeditor emopair configs "$WORK/code"
    cd "$WORK/code"
    export PYTHONUNBUFFERED=1 TORCHINDUCTOR_CACHE_DIR=$WORK/inductor OMP_NUM_THREADS=8
    rm -f "$WORK/ended"
    setsid nohup bash -c '"$0" -m emoeditor.run --out "$1" "${@:3}"; echo "ended with $?" | tee "$2"' \
      "$PYTHON" "$run" "$WORK/ended" "$@" >>"$log" 2>&1 </dev/null &
    echo "started; log in $log"
    ;;
  wait)
    deadline=$((SECONDS + $2))
    seen=$(cat "$WORK/seen" 2>/dev/null || echo 0)
    while [ $SECONDS -lt $deadline ] && [ ! -e "$WORK/ended" ]; do sleep 1; done
    # Every tenth of the training lines is enough; everything else is shown.
    tail -n +$((seen + 1)) "$log" | awk '!/ step +[0-9]+ / || NR % 10 == 1'
    wc -l <"$log" >"$WORK/seen"
    if [ $# -gt 2 ]; then copy_report "$3"; fi
    nvidia-smi --query-gpu=utilization.gpu,memory.used,clocks.sm --format=csv,noheader 2>/dev/null || true
    ;;
  finish)
    touch "$run/${2:?name the phase}/finish"
    ;;
  collect)
    out=$2
    mkdir -p "$out"
    copy_report "$out"
    cd "$run"
    if [ "$3" = 1 ]; then
      # The UNet alone is over what one command brings back: its first half here, the rest with part 2.
      split -b 15m -d export/unet/diffusion_pytorch_model.safetensors "$WORK/unet.part."
      cp "$WORK/unet.part.00" "$WORK/unet.part.01" "$WORK/unet.part.02" "$out"
      tar -cf "$out/small.tar" export/unet/config.json export/emotion_encoder export/predictor export/scheduler export/card.json
    else
      find "$WORK" -maxdepth 1 -name 'unet.part.*' ! -name '*.00' ! -name '*.01' ! -name '*.02' -exec cp {} "$out" \;
      tar -cf "$out/vae.tar" export/vae
      tar -cf "$out/judge.tar" judge-export unet/text_encoder.safetensors unet/text_encoder.json unet/vocabulary.json
    fi
    ls -l "$out"
    ;;
  restore)
    mkdir -p "$3"
    for archive in small vae judge; do tar -C "$3" -xf "$2/$archive.tar"; done
    cat "$2"/unet.part.* >"$3/export/unet/diffusion_pytorch_model.safetensors"
    ;;
  *)
    sed -n '2,14p' "$0"
    exit 2
    ;;
esac
