/** Units for systemd, by file name. Paths with spaces are quoted as systemd reads them. */
export function systemdUnits({
  folder,
  store,
  artist,
}: {
  readonly folder: string;
  readonly store: string;
  /** Whose gateway the example is. */
  readonly artist: string;
}): Readonly<Record<string, string>> {
  return {
    'emoeditor-nats.service': unit(
      'NATS for EmoEditor: gateways meet workers here',
      [
        `ExecStart=nats-server -c ${quoted(`${folder}/nats.conf`)}`,
        `ExecStartPost=emoeditor cluster prepare --credentials ${quoted(`${folder}/admin.json`)}`,
        // The server's memory is its block cache, which falls by itself.
        'Environment=GOMEMLIMIT=512MiB',
        'LimitNOFILE=65536',
        `ReadWritePaths=${quoted(store)}`,
      ],
      'network-online.target',
    ),
    'emoeditor-worker.service': unit(
      'EmoEditor worker: runs models for gateways',
      [
        'ExecStart=emoeditor worker --log --credentials %h/emoeditor/worker.json',
        // An edit that runs is handed to another worker.
        'TimeoutStopSec=20',
      ],
      'network-online.target',
    ),
    'emoeditor-gateway.service': unit(
      'EmoEditor gateway: what the Photoshop panel talks to',
      [`ExecStart=emoeditor gateway --log --credentials %h/emoeditor/${artist}.json`],
      'network-online.target',
    ),
  };
}

const unit = (description: string, service: readonly string[], after: string): string => `[Unit]
Description=${description}
After=${after}
Wants=${after}

[Service]
${service.join('\n')}
Restart=always
RestartSec=2
NoNewPrivileges=true
PrivateTmp=true
ProtectSystem=strict

[Install]
WantedBy=default.target
`;

const quoted = (path: string): string => (path.includes(' ') ? JSON.stringify(path) : path);
