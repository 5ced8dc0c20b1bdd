"""Every place where the local AWS reaches into moto: read from moto 5.2.5, whose internals these are.

One file per service, each says what moto does and what AWS does. All seams are undone at stop: other users of
moto in this process see it as they know it. `manifest.json` holds a fingerprint of what they replace: after an upgrade
of moto, `python -m localaws.seams` names the seams to read again.
"""

from localaws.moto_seams.quick_import import import_ec2

import_ec2()
